namespace Rafaga.Telegram.Types;

/// <summary>A person or bot.</summary>
public sealed record User(long Id, bool IsBot, string FirstName)
{
    /// <summary>Family name.</summary>
    public string? LastName { get; init; }

    /// <summary>Public name without the at sign.</summary>
    public string? Username { get; init; }

    /// <summary>IETF language tag of the person's app.</summary>
    public string? LanguageCode { get; init; }

    /// <summary>Of a bot, asked by itself: it gets every message of its groups, and not only those that concern it.</summary>
    public bool? CanReadAllGroupMessages { get; init; }
}

/// <summary>A chat.</summary>
/// <param name="Id">Identity; negative for groups.</param>
/// <param name="Type">private, group, supergroup or channel.</param>
public sealed record Chat(long Id, string Type)
{
    /// <summary>Title of a group.</summary>
    public string? Title { get; init; }

    /// <summary>First name of the person of a private chat.</summary>
    public string? FirstName { get; init; }

    /// <summary>Family name of the person of a private chat.</summary>
    public string? LastName { get; init; }

    /// <summary>Public name of the person of a private chat.</summary>
    public string? Username { get; init; }

    /// <summary>A supergroup with topics.</summary>
    public bool? IsForum { get; init; }
}

/// <summary>A command of the bot's menu.</summary>
/// <param name="Command">Lower case, without the slash.</param>
/// <param name="Description">What it does, in the person's language.</param>
public sealed record BotCommand(string Command, string Description);

/// <summary>How updates are posted.</summary>
/// <param name="Url">Where to; empty without a webhook.</param>
/// <param name="PendingUpdateCount">Updates that wait.</param>
public sealed record WebhookInfo(string Url, int PendingUpdateCount)
{
    /// <summary>Unix time in seconds of the last post that failed.</summary>
    public long? LastErrorDate { get; init; }

    /// <summary>Why it failed.</summary>
    public string? LastErrorMessage { get; init; }

    /// <summary>Posts at a time.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>The address that the server posts to.</summary>
    public string? IpAddress { get; init; }

    /// <summary>Kinds that are posted; null = the server's default.</summary>
    public IReadOnlyList<string>? AllowedUpdates { get; init; }
}
