using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rafaga.Telegram.Simulator.BotApi;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.Webhooks;

/// <summary>Where updates are posted to instead of being polled.</summary>
internal sealed record Webhook(string Url, string? SecretToken, int MaxConnections, string IpAddress, bool HasCertificate)
{
    private const string Key = "webhook";
    private const string Failure = "webhook_error";

    /// <summary>The webhook that is set; null when there is none.</summary>
    public static Webhook? Of(Transaction transaction) =>
        Settings.Get(transaction, Key) is { } json ? JsonSerializer.Deserialize(json, WebhookJson.Default.Webhook) : null;

    public static void Set(Transaction transaction, Webhook webhook)
    {
        Settings.Set(transaction, Key, JsonSerializer.Serialize(webhook, WebhookJson.Default.Webhook));
        Settings.Delete(transaction, Failure);
    }

    public static void Delete(Transaction transaction)
    {
        Settings.Delete(transaction, Key);
        Settings.Delete(transaction, Failure);
    }

    /// <summary>What went wrong last; null when nothing has.</summary>
    public static WebhookError? ErrorOf(Transaction transaction) =>
        Settings.Get(transaction, Failure) is { } json ? JsonSerializer.Deserialize(json, WebhookJson.Default.WebhookError) : null;

    public static void SetError(Transaction transaction, WebhookError error) =>
        Settings.Set(transaction, Failure, JsonSerializer.Serialize(error, WebhookJson.Default.WebhookError));

    /// <summary>The address of a URL, which must be one of this machine's own.</summary>
    /// <exception cref="BotApiException">It is none.</exception>
    public static string Address(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) throw Bad("invalid webhook URL specified");
        var host = uri.Host.Trim('[', ']');
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return IPAddress.Loopback.ToString();
        if (!IPAddress.TryParse(host, out var address) || !IPAddress.IsLoopback(address)) throw Bad("this server is a simulator and posts to loopback addresses only");
        return address.ToString();

        static BotApiException Bad(string reason) => BotApiException.BadRequest("bad webhook: " + reason);
    }
}

/// <summary>A failed post, and since when the bot says that it is gone.</summary>
internal sealed record WebhookError(long Date, string Message, long? GoneSince);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(WebhookError))]
internal sealed partial class WebhookJson : JsonSerializerContext;
