using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Offline;

/// <summary>
/// The model that works without a key and without the internet: rules instead of a network, Spanish and English, and honest about it.
/// It keeps no state: each answer follows from the messages it is given, so the same messages always give the same answer.
/// </summary>
internal sealed class OfflineChatClient : IChatClient
{
    public const string ModelId = "offline-1";
    private static readonly ChatClientMetadata Metadata = new("offline", null, ModelId);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        var reading = Reading.Of(messages);
        var plan = Plan.For(reading);
        var calls = plan.Next(reading, tool => IsOffered(tool, options));
        return Task.FromResult(calls.Count > 0
            ? Response([.. calls.Select(call => call.ToContent())], ChatFinishReason.ToolCalls)
            : Response([new TextContent(Reply.To(reading, plan))], ChatFinishReason.Stop));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(ChatClientMetadata) ? Metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }

    private static bool IsOffered(string tool, ChatOptions? options) =>
        options?.ToolMode is not NoneChatToolMode && (options?.Tools is not { } tools || tools.Any(offered => offered.Name == tool));

    // Rules read no tokens: zero is the honest count, and the cost.
    private static ChatResponse Response(IList<AIContent> contents, ChatFinishReason reason) => new(new ChatMessage(ChatRole.Assistant, contents))
    {
        ModelId = ModelId,
        FinishReason = reason,
        Usage = new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 },
    };
}
