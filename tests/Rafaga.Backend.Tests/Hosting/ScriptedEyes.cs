using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>A model that describes photos as the test says, and remembers what it was shown.</summary>
internal sealed class ScriptedEyes : IChatClient
{
    private readonly ConcurrentQueue<Shown> _shown = new();
    private int _atOnce;
    private int _mostAtOnce;

    /// <summary>What it answers; by default it describes the picture by its length.</summary>
    public Func<Shown, CancellationToken, Task<string>> Script { get; set; } = (shown, _) => Task.FromResult(Say($"A picture of {shown.Image.Data.Length} bytes."));

    public IReadOnlyList<Shown> Requests => [.. _shown];

    public int MostAtOnce => _mostAtOnce;

    public static string Say(string description, string? visibleText = null) =>
        JsonSerializer.Serialize(new { description, objects = new[] { "cake" }, visible_text = visibleText, people = 2, scene = "indoors" });

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var last = messages.Last();
        var shown = new Shown(last.Contents.OfType<DataContent>().Single(), JsonDocument.Parse(last.Text).RootElement.GetProperty("language").GetString()!, options);
        _shown.Enqueue(shown);
        var now = Interlocked.Increment(ref _atOnce);
        InterlockedMax(ref _mostAtOnce, now);
        try
        {
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, await Script(shown, cancellationToken)))
            {
                FinishReason = ChatFinishReason.Stop,
                Usage = new UsageDetails { InputTokenCount = 700, OutputTokenCount = 50 },
            };
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The backend does not stream.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = most) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}

/// <summary>One request to describe a photo.</summary>
internal sealed record Shown(DataContent Image, string Language, ChatOptions? Options);
