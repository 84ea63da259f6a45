using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Rafaga.Bot.Intake;

/// <summary>Where Telegram posts updates to, and how it shows that it is Telegram.</summary>
public static partial class WebhookEndpoint
{
    /// <summary>Path of the webhook; a reverse proxy needs to forward nothing else.</summary>
    public const string Path = "/webhook/telegram";

    /// <summary>Header in which Telegram repeats the secret that it was given.</summary>
    public const string SecretHeader = "X-Telegram-Bot-Api-Secret-Token";

    /// <summary>Largest body that is read, in bytes. Telegram's own limit for one update is 64 KiB.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>The secret of a bot for which none is set: made from its token, so that all its processes have the same one and nobody else can make it.</summary>
    public static string SecretFrom(string token) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "rafaga: secret of the Telegram webhook"u8));

    /// <summary>Whether a text can be a secret: Telegram's letters, and long enough that nobody guesses it.</summary>
    public static bool IsSecret(string secret) => SecretForm().IsMatch(secret);

    /// <summary>The whole address: a bare host gets <see cref="Path"/>, another path is left to the proxy that knows it.</summary>
    public static Uri Complete(Uri url) => url.AbsolutePath == "/" ? new Uri(url, Path) : url;

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{32,256}\z")]
    private static partial Regex SecretForm();
}
