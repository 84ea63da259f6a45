namespace Rafaga.Backend.Store;

internal sealed class Batch
{
    public required string Id { get; init; }

    public required Guid ConversationId { get; init; }

    // Of everything in the request but fence and attempt.
    public required string BodyHash { get; init; }

    public required string Status { get; set; }

    public required long Fence { get; set; }

    // Who runs it, until when nobody else may. A run may commit only while this is still its own.
    public required Guid ClaimId { get; set; }

    public required DateTimeOffset ClaimedUntil { get; set; }

    public string? Reply { get; set; }

    public int Messages { get; set; }

    public int Photos { get; set; }

    public int MemoriesAdded { get; set; }

    public int MemoriesUpdated { get; set; }

    public int ModelCalls { get; set; }

    public int ToolCalls { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DoneAt { get; set; }
}

internal sealed class Message
{
    public required Guid Id { get; init; }

    public required Guid ConversationId { get; init; }

    public required string BatchId { get; init; }

    public required string Role { get; init; }

    // Null for replies.
    public string? MessageKey { get; init; }

    public required string Kind { get; init; }

    public string? Text { get; init; }

    public string? Album { get; init; }

    // For an edit: key of the message that it changes.
    public string? Edits { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }
}

internal sealed class Question
{
    public required Guid Id { get; init; }

    public required Guid ConversationId { get; init; }

    public required string BatchId { get; init; }

    public required string Text { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public string? AnsweredBy { get; set; }
}

internal sealed class QuestionMemory
{
    public required Guid QuestionId { get; init; }

    public required Guid MemoryId { get; init; }
}
