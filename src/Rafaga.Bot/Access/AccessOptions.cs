using System.Globalization;
using System.Text.RegularExpressions;

namespace Rafaga.Bot.Access;

/// <summary>Who may use the bot.</summary>
public enum AccessMode
{
    /// <summary>Everybody.</summary>
    Open,

    /// <summary>Only those who are named.</summary>
    Allowlist,

    /// <summary>Those who are named, and whoever has shown the code.</summary>
    Invite,

    /// <summary>Nobody.</summary>
    Off,
}

/// <summary>Who may use the bot, and how much of it.</summary>
public sealed partial class AccessOptions
{
    /// <summary>Who. <value>The default is <see cref="AccessMode.Open"/>.</value></summary>
    public AccessMode Mode { get; init; }

    /// <summary>Those who are named: ids, or public names with or without the at sign. A public name can change hands, an id cannot.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>What opens <see cref="AccessMode.Invite"/>, sent as <c>/start CODE</c>.</summary>
    public string? InviteCode { get; init; }

    /// <summary>Messages of one person in a minute of Telegram's time that one process takes, and pressed buttons in a minute of its own. <value>The default is 240.</value></summary>
    public int MessagesPerMinute { get; init; } = 240;

    /// <summary>Whether a text can be a code: what Telegram allows in a link, and long enough that nobody guesses it.</summary>
    public static bool IsCode(string code) => CodeForm().IsMatch(code);

    /// <summary>Whether a text can name a person.</summary>
    public static bool IsPerson(string text) => PersonForm().IsMatch(text);

    internal bool Names(long id, string? username) => Allowed.Any(name =>
        name == id.ToString(CultureInfo.InvariantCulture) || (username is not null && string.Equals(name.TrimStart('@'), username, StringComparison.OrdinalIgnoreCase)));

    internal void Validate()
    {
        if (Mode == AccessMode.Allowlist && Allowed.Count == 0) throw new ArgumentException("Access.Allowed must name somebody.");
        if (Mode == AccessMode.Invite && InviteCode is null) throw new ArgumentException("Access.InviteCode must be set.");
        if (InviteCode is { } code && !IsCode(code)) throw new ArgumentException("Access.InviteCode must have 8 to 64 of the letters A-Z a-z 0-9 _ -.");
        if (MessagesPerMinute < 1) throw new ArgumentException("Access.MessagesPerMinute must be at least 1.");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{8,64}\z")]
    private static partial Regex CodeForm();

    [GeneratedRegex(@"\A([1-9][0-9]{0,18}|@?[A-Za-z][A-Za-z0-9_]{3,31})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PersonForm();
}
