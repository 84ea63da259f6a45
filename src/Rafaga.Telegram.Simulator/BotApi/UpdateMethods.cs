using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rafaga.Telegram.Simulator.Chats;
using Rafaga.Telegram.Simulator.Store;
using Rafaga.Telegram.Simulator.Webhooks;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>Methods about how updates reach the bot: by polls or by a webhook.</summary>
internal sealed partial class UpdateMethods(ChatLog log)
{
    private const int MaxLimit = 100;
    private const int MaxTimeoutSeconds = 50;
    private const int MaxSecretLength = 256;
    private const int DefaultConnections = 40;
    private const int MaxConnections = 100;

    private static readonly TimeSpan SetPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClosePause = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly long _startedAt = log.Clock.GetTimestamp();
    private long? _lastSetAt;
    private long? _loggedOutAt;

    /// <exception cref="BotApiException">The bot has left this server for another.</exception>
    public void CheckLogin()
    {
        if (_loggedOutAt is { } at && log.Clock.GetElapsedTime(at) < ClosePause) throw new BotApiException(400, "Logged out");
    }

    public async Task<JsonNode> GetAsync(BotApiArguments arguments, CancellationToken cancellationToken)
    {
        var limit = (int)Math.Clamp(arguments.Number("limit") ?? MaxLimit, 1, MaxLimit);
        var timeout = TimeSpan.FromSeconds(Math.Clamp(arguments.Number("timeout") ?? 0, 0, MaxTimeoutSeconds));
        if (arguments.Array("allowed_updates") is { } kinds) log.Updates.Allow(kinds);
        return await log.Updates.PollAsync(Math.Clamp(arguments.Number("offset") ?? 0, int.MinValue, int.MaxValue), limit, timeout, cancellationToken);
    }

    public (JsonNode Result, string Description) SetWebhook(BotApiArguments arguments)
    {
        var url = arguments.Text("url")?.Trim() ?? "";
        if (url.Length == 0) return DeleteWebhook(arguments);
        var secret = arguments.Text("secret_token");
        if (secret?.Length > MaxSecretLength) throw BotApiException.BadRequest("secret token is too long");
        if (!string.IsNullOrEmpty(secret) && !SecretToken().IsMatch(secret)) throw BotApiException.BadRequest("secret token contains unallowed characters");
        var connections = (int)Math.Clamp(arguments.Number("max_connections") ?? DefaultConnections, 1, MaxConnections);
        var webhook = new Webhook(url, string.IsNullOrEmpty(secret) ? null : secret, connections, Webhook.Address(url), arguments.File("certificate") is not null);
        lock (_gate)
        {
            if (_lastSetAt is { } last && log.Clock.GetElapsedTime(last) < SetPause) throw BotApiException.TooManyRequests(1);
            _lastSetAt = log.Clock.GetTimestamp();
        }

        var known = log.Store.Run(transaction =>
        {
            if (arguments.Array("allowed_updates") is { } kinds) UpdateTable.Allow(transaction, kinds);
            if (arguments.Flag("drop_pending_updates")) UpdateTable.Clear(transaction);
            var same = Webhook.Of(transaction) == webhook;
            if (!same) Webhook.Set(transaction, webhook);
            return same;
        });
        log.Updates.End(new BotApiException(409, "Conflict: terminated by setWebhook request"));
        log.Updates.Signal();
        return (true, known ? "Webhook is already set" : "Webhook was set");
    }

    public (JsonNode Result, string Description) DeleteWebhook(BotApiArguments arguments)
    {
        var known = log.Store.Run(transaction =>
        {
            if (arguments.Flag("drop_pending_updates")) UpdateTable.Clear(transaction);
            var set = Webhook.Of(transaction) is not null;
            Webhook.Delete(transaction);
            return set;
        });
        log.Updates.Signal();
        return (true, known ? "Webhook was deleted" : "Webhook is already deleted");
    }

    public JsonNode WebhookInfo() => log.Store.Run(transaction =>
    {
        var webhook = Webhook.Of(transaction);
        var info = new JsonObject
        {
            ["url"] = webhook?.Url ?? "",
            ["has_custom_certificate"] = webhook?.HasCertificate == true,
            ["pending_update_count"] = UpdateTable.Count(transaction, log.Clock.Now),
        };
        if (Webhook.ErrorOf(transaction) is { } error) (info["last_error_date"], info["last_error_message"]) = (error.Date, error.Message);
        if (webhook is not null) (info["max_connections"], info["ip_address"]) = (webhook.MaxConnections, webhook.IpAddress);
        if (UpdateTable.AllowedKinds(transaction) is { } kinds) info["allowed_updates"] = kinds;
        return info;
    });

    /// <summary>The bot leaves this server: for ten minutes it is not let in again.</summary>
    public JsonNode LogOut()
    {
        _loggedOutAt = log.Clock.GetTimestamp();
        log.Updates.End(new BotApiException(400, "Logged out"));
        return true;
    }

    /// <summary>The bot is to move to another server; not in its first ten minutes here.</summary>
    public JsonNode Close()
    {
        var since = log.Clock.GetElapsedTime(_startedAt);
        if (since < ClosePause) throw BotApiException.TooManyRequests((int)Math.Ceiling((ClosePause - since).TotalSeconds));
        log.Updates.End(new BotApiException(500, "Internal Server Error: restart"));
        return true;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z")]
    private static partial Regex SecretToken();
}
