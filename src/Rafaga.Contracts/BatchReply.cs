namespace Rafaga.Contracts;

/// <summary>What a backend answers to <see cref="BatchRequest"/>: 200 with the reply, or 202 while another delivery of the same batch is still being worked on.</summary>
/// <param name="BatchId">The batch that this answers.</param>
/// <param name="Status">One of <see cref="BatchStatus"/>.</param>
/// <param name="Text">The one reply to send to the person; null or empty sends nothing.</param>
/// <param name="Stats">What the turn did; null from backends that do not say.</param>
/// <param name="Format">How <paramref name="Text"/> is marked up: one of <see cref="ReplyFormat"/>; null is plain text.</param>
/// <param name="Choices">Short answers that the person can give by a button under the reply; pressing one is as if they had written it. At most <see cref="ReplyButton.MaxChoices"/> are shown.</param>
public sealed record BatchReply(string BatchId, string Status, string? Text, BatchStats? Stats = null, string? Format = null, IReadOnlyList<string>? Choices = null);

/// <summary>The values of <see cref="BatchReply.Format"/>. A text whose markup Telegram refuses is sent as it stands.</summary>
public static class ReplyFormat
{
    /// <summary>The HTML tags that Telegram knows.</summary>
    public const string Html = "html";

    /// <summary>Telegram's MarkdownV2.</summary>
    public const string MarkdownV2 = "markdown_v2";
}

/// <summary>The values of <see cref="BatchReply.Status"/>.</summary>
public static class BatchStatus
{
    /// <summary>The batch is committed: its effects and its reply are stored under its id.</summary>
    public const string Done = "done";

    /// <summary>Another delivery of this batch is being worked on; ask again later.</summary>
    public const string Running = "running";
}

/// <summary>What one turn did, for logs and pages.</summary>
/// <param name="Messages">Messages in the batch.</param>
/// <param name="Photos">Photos in the batch.</param>
/// <param name="MemoriesAdded">Memories that this turn created.</param>
/// <param name="MemoriesUpdated">Memories that this turn changed.</param>
/// <param name="ModelCalls">Requests made to the model.</param>
/// <param name="ToolCalls">Tool calls carried out.</param>
public sealed record BatchStats(int Messages, int Photos, int MemoriesAdded, int MemoriesUpdated, int ModelCalls, int ToolCalls);
