namespace Rafaga.Backend.Store;

internal sealed class Invite
{
    public required Guid Id { get; init; }

    public required Guid EventId { get; init; }

    public required string CodeHash { get; init; }

    // What whoever joins by it becomes.
    public required string Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>A command of a person that was carried out, with its answer.</summary>
internal sealed class Command
{
    public required Guid ConversationId { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Reply { get; init; }

    public required DateTimeOffset At { get; init; }
}
