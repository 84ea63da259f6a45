namespace Rafaga.Telegram.Simulator;

/// <summary>A group chat that everybody of the virtual people is in.</summary>
/// <param name="Id">Identity of the chat: negative, from -1000000000001 down for a supergroup.</param>
/// <param name="Type"><c>group</c> or <c>supergroup</c>.</param>
/// <param name="Title">Name shown.</param>
/// <param name="IsForum">Whether it has topics.</param>
/// <param name="MigratedTo">The supergroup that this group has become.</param>
public sealed record Group(long Id, string Type, string Title, bool IsForum, long? MigratedTo = null);

/// <summary>What a person in a group does with the bot.</summary>
public enum BotStanding
{
    /// <summary>In it.</summary>
    Member,

    /// <summary>In it, and sees everything, reactions too.</summary>
    Administrator,

    /// <summary>Not in it any more.</summary>
    Left,

    /// <summary>Thrown out.</summary>
    Kicked,
}
