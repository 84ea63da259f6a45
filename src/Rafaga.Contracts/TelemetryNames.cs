namespace Rafaga.Contracts;

/// <summary>
/// Every name of a meter, an instrument and a span that the roles use; those of the library are in <c>BatchingMetricNames</c> and <c>BatchingTraceNames</c>.
/// They follow OpenTelemetry's messaging and gen_ai conventions of 2026, both still in development: a change of theirs is a change of this file.
/// </summary>
public static class TelemetryNames
{
    /// <summary>Meter and source of spans of the bot.</summary>
    public const string Bot = "Rafaga.Bot";

    /// <summary>Meter and source of spans of the worker.</summary>
    public const string Worker = "Rafaga.Worker";

    /// <summary>Meter and source of spans of the backend.</summary>
    public const string Backend = "Rafaga.Backend";

    /// <summary>Updates taken, by outcome.</summary>
    public const string UpdatesTaken = "messaging.client.consumed.messages";

    /// <summary>Time since Telegram last answered a poll or called the webhook.</summary>
    public const string UpdateAge = "rafaga.bot.poll.age";

    /// <summary>Last message of a burst to its reply.</summary>
    public const string ReplyLatency = "rafaga.reply.latency";

    /// <summary>Parts of replies that may have been seen twice or not at all.</summary>
    public const string AmbiguousReplies = "rafaga.replies.ambiguous";

    /// <summary>Turns that answering each message alone would have taken, beyond the one that was.</summary>
    public const string CallsSaved = "rafaga.llm.calls.saved";

    /// <summary>How long the agent worked on one batch.</summary>
    public const string AgentDuration = "gen_ai.invoke_agent.duration";

    /// <summary>How long the model took for one answer.</summary>
    public const string ModelDuration = "gen_ai.client.operation.duration";

    /// <summary>Tokens of one answer.</summary>
    public const string ModelTokens = "gen_ai.client.token.usage";

    /// <summary>How long one tool call took.</summary>
    public const string ToolDuration = "gen_ai.execute_tool.duration";

    /// <summary>What the models cost.</summary>
    public const string ModelCost = "rafaga.llm.cost";

    /// <summary>Tool calls.</summary>
    public const string ToolCalls = "rafaga.tool.calls";

    /// <summary>Photos by how they came to their description.</summary>
    public const string PhotoDescriptions = "rafaga.photo.descriptions";

    /// <summary>Span of one page of updates, or of one call of the webhook.</summary>
    public const string ReceiveSpan = "receive updates";

    /// <summary>Span of one update: the root of what becomes of it.</summary>
    public const string UpdateSpan = "process updates";

    /// <summary>Span of sending one reply.</summary>
    public const string SendSpan = "send replies";

    /// <summary>Span of one turn of the agent.</summary>
    public const string AgentSpan = "invoke_agent rafaga";

    /// <summary>Span of one answer of a model; its name follows.</summary>
    public const string ModelSpan = "chat";

    /// <summary>Span of one tool call; its name follows.</summary>
    public const string ToolSpan = "execute_tool";
}
