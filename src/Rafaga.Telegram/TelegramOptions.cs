using System.Text.RegularExpressions;

namespace Rafaga.Telegram;

/// <summary>Which bot to be and where its server is.</summary>
public sealed partial class TelegramOptions
{
    /// <summary>Token of the bot, as given by BotFather: <c>123456:ABC…</c>.</summary>
    public required string Token { get; init; }

    /// <summary>Root of the Bot API server. <value>The default is <c>https://api.telegram.org</c>.</value></summary>
    public Uri BaseUrl { get; init; } = new("https://api.telegram.org");

    /// <summary>Identity of the bot: the digits before the colon.</summary>
    public long BotId => long.Parse(Token.AsSpan(0, Token.IndexOf(':', StringComparison.Ordinal)), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether a text has the form of a token.</summary>
    public static bool IsToken(string? token) => token is { Length: <= 80 } && TokenForm().IsMatch(token);

    [GeneratedRegex(@"\A[1-9][0-9]{0,15}:[A-Za-z0-9_-]{8,}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex TokenForm();
}
