using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>A model that does what the test says, and remembers what it was asked.</summary>
internal sealed class ScriptedChatClient : IChatClient
{
    private readonly ConcurrentQueue<Asked> _asked = new();

    /// <summary>What it answers; by default it saves every usable photo and asks one question.</summary>
    public Func<Asked, CancellationToken, Task<ChatMessage>> Script { get; set; } = (asked, _) => Task.FromResult(SaveAll(asked));

    public IReadOnlyList<Asked> Requests => [.. _asked];

    public void Answers(Func<Asked, ChatMessage> script) => Script = (asked, _) => Task.FromResult(script(asked));

    public static ChatMessage Say(string text) => new(ChatRole.Assistant, text);

    public static ChatMessage Calls(params (string Tool, object Arguments)[] calls) => new(
        ChatRole.Assistant,
        [.. calls.Select(call => (AIContent)new FunctionCallContent("", call.Tool, Arguments(call.Arguments)))]);

    public static ChatMessage SaveAll(Asked asked)
    {
        var usable = asked.Photos.Where(photo => photo.GetProperty("usable").GetBoolean()).Select(photo => photo.GetProperty("photo").GetString()!).ToList();
        return asked.Round == 0 && usable.Count > 0
            ? Calls([.. usable.Select(photo => ("add_memory", (object)new { photo }))])
            : Say($"Guardé {usable.Count} fotos. ¿Qué me cuentas de ellas?");
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = new Asked([.. messages], options);
        _asked.Enqueue(asked);
        var answer = await Script(asked, cancellationToken);
        // As vendors do: no id comes twice in a run.
        for (var i = 0; i < answer.Contents.Count; i++)
        {
            if (answer.Contents[i] is FunctionCallContent call) answer.Contents[i] = new FunctionCallContent($"call_{asked.Round}_{i}", call.Name, call.Arguments);
        }

        return new ChatResponse(answer)
        {
            ModelId = "scripted",
            Usage = new UsageDetails { InputTokenCount = 100, OutputTokenCount = 10 },
        };
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The backend does not stream.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static Dictionary<string, object?> Arguments(object arguments) =>
        JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value.Clone());
}

/// <summary>One request to the model, as it was at that time.</summary>
internal sealed record Asked(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>The turn's JSON.</summary>
    public JsonElement Context { get; } = JsonDocument.Parse(Messages[1].Contents.OfType<TextContent>().First().Text).RootElement;

    /// <summary>What it is shown.</summary>
    public IReadOnlyList<DataContent> Images => [.. Messages[1].Contents.OfType<DataContent>()];

    /// <summary>How many answers the model has given before.</summary>
    public int Round => Messages.Count(message => message.Role == ChatRole.Assistant);

    public IReadOnlyList<JsonElement> Photos => [.. Context.GetProperty("batch_photos").EnumerateArray()];

    /// <summary>What the tools answered to the last round.</summary>
    public IReadOnlyList<JsonElement> Results => [.. Messages[^1].Contents.OfType<FunctionResultContent>().Select(result => (JsonElement)result.Result!)];
}
