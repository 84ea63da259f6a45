namespace Rafaga.Backend.Store;

internal sealed class User
{
    public required Guid Id { get; init; }

    // The same person with two bots is two users: what was told to one bot is not the other's.
    public required long BotId { get; init; }

    public required long TelegramId { get; init; }

    public required string Name { get; set; }

    // The name without case and accents.
    public required string NameKey { get; set; }

    // Lower case: user names are the same in any.
    public string? Username { get; set; }

    public required string Language { get; set; }

    // By the person, so that what Telegram says no longer counts.
    public bool LanguageChosen { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class Conversation
{
    public required Guid Id { get; init; }

    public required string Key { get; init; }

    public required Guid UserId { get; init; }

    // The newest fence seen; what comes with a lower one is from a worker that has lost its lease.
    public long Fence { get; set; }

    public Guid? CurrentEventId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
