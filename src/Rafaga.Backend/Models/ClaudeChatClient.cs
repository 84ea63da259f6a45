using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Models;

/// <summary>Claude by its official client: cache marks where they pay, tool results as compact JSON, no retries and no limits but ours.</summary>
internal sealed class ClaudeChatClient : DelegatingChatClient
{
    private readonly ReasoningOptions? _reasoning;

    private ClaudeChatClient(IChatClient inner, string? effort)
        : base(inner) => _reasoning = Reasoning(effort);

    public static ClaudeChatClient Create(ModelOptions options, TimeProvider time)
    {
        var client = new AnthropicClient
        {
            ApiKey = options.ApiKey,
            BaseUrl = (options.BaseUrl?.ToString() ?? EnvironmentUrl.Production).TrimEnd('/'),
            HttpClient = VendorHttp.Create(time),
            MaxRetries = 0,
            // A backstop behind our own limit, which is on the injected clock.
            Timeout = options.Timeout + TimeSpan.FromSeconds(30),
        };
        return new ClaudeChatClient(client.AsIChatClient(options.Model, options.MaxOutputTokens), options.Effort);
    }

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var sent = messages.Select(Compact).ToList();
        // What is the same for everybody (tools come before the system prompt), and what is the same in every round of this run.
        MarkForCache(sent.Find(message => message.Role == ChatRole.System));
        if (options?.Tools is { Count: > 0 }) MarkForCache(sent.Find(message => message.Role == ChatRole.User));
        var asked = options?.Clone() ?? new ChatOptions();
        asked.Reasoning ??= _reasoning;

        var response = await base.GetResponseAsync(sent, asked, cancellationToken);
        if (response.RawRepresentation is Message { StopReason: { } reason } && reason == StopReason.ModelContextWindowExceeded) response.FinishReason = Finish.ContextFull;
        return response;
    }

    private static void MarkForCache(Microsoft.Extensions.AI.ChatMessage? message) => message?.Contents.LastOrDefault()?.WithCacheControl(new CacheControlEphemeral());

    // The client would write a JSON value with line breaks and indents: a fifth more tokens, in every later round again.
    private static Microsoft.Extensions.AI.ChatMessage Compact(Microsoft.Extensions.AI.ChatMessage message) => message.Role != ChatRole.Tool
        ? message
        : new Microsoft.Extensions.AI.ChatMessage(ChatRole.Tool, [.. message.Contents.Select(content => content is FunctionResultContent { Result: JsonElement json } result
            ? new FunctionResultContent(result.CallId, json.GetRawText()) { Exception = result.Exception }
            : content)]);

    private static ReasoningOptions? Reasoning(string? effort) => effort is null ? null : new ReasoningOptions
    {
        Effort = effort switch
        {
            "low" => ReasoningEffort.Low,
            "medium" => ReasoningEffort.Medium,
            "high" => ReasoningEffort.High,
            _ => throw new ArgumentOutOfRangeException(nameof(effort), effort, "The effort is low, medium or high."),
        },
    };
}
