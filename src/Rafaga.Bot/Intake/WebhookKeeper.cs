using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Bot.Intake;

/// <summary>Tells Telegram where to post updates, and from then on looks whether it can.</summary>
internal sealed partial class WebhookKeeper(
    TelegramClient telegram, BotIdentity identity, LastContact contact, BotHealth health, BotOptions options, TimeProvider time, Random random,
    IHostApplicationLifetime lifetime, ILogger<WebhookKeeper> logger) : BackgroundService
{
    /// <summary>Between two looks.</summary>
    internal static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    // An error from before the start is news only while it may go on.
    private static readonly TimeSpan News = TimeSpan.FromMinutes(10);

    private readonly PollBackoff _backoff = new(random);
    private readonly Uri? _url = options.Webhook!.Url is { } url ? WebhookEndpoint.Complete(url) : null;
    private bool _told;
    private long? _lastError;
    private string? _lastUrl;

    /// <summary>One look, with the introduction before the first.</summary>
    /// <returns>How long until the next.</returns>
    /// <exception cref="BotTokenException">The token is refused.</exception>
    internal async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await identity.LearnAsync(cancellationToken);
            if (!_told && _url is not null) await TellAsync(_url, cancellationToken);
            _told = true;
            Look(await telegram.GetWebhookInfoAsync(cancellationToken));
            contact.Made();
            if (_backoff.Succeed() is > 0 and var failures) LogRecovered(failures);
            return LookEvery;
        }
        catch (TelegramException e) when (e is { IsTokenRefused: true, ErrorCode: 401 })
        {
            throw new BotTokenException(e);
        }
        catch (TelegramException e)
        {
            var wait = _backoff.Fail(e.RetryAfter is null ? PollFault.Unavailable : PollFault.TooMany, e.RetryAfter);
            if (_backoff.IsNews) LogFailed(e.Message, wait.TotalSeconds);
            health.Update(status => status with { Trouble = e.Message });
            return wait;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            // Telegram posts as soon as it is told: not before this process listens.
            await lifetime.StartedAsync(time, stop.Token);
            while (true) await Task.Delay(await RunOnceAsync(stop.Token), time, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The webhook stays: other processes may serve it, and Telegram keeps what comes until one does.
        }
        catch (BotTokenException e)
        {
            LogTokenRefused(e.Message);
            throw;
        }
    }

    private async Task TellAsync(Uri url, CancellationToken cancellationToken)
    {
        await telegram.SetWebhookAsync(
            new SetWebhookRequest(url.AbsoluteUri) { SecretToken = options.Webhook!.Secret, AllowedUpdates = AllowedUpdates.All }, cancellationToken);
        LogTold(url.Host);
    }

    private void Look(WebhookInfo info)
    {
        if (info.Url != _lastUrl)
        {
            if (info.Url.Length == 0) LogNone();
            else if (_url is not null && info.Url != _url.AbsoluteUri) LogOther(HostOf(info.Url));
            else LogPosting(HostOf(info.Url), info.PendingUpdateCount);
        }

        _lastUrl = info.Url;
        var failing = info.LastErrorDate is { } at && at != _lastError && DateTimeOffset.FromUnixTimeSeconds(at) > time.GetUtcNow() - News;
        _lastError = info.LastErrorDate;
        if (failing) LogCannotPost(HostOf(info.Url), info.LastErrorMessage, info.PendingUpdateCount);

        var now = time.GetUtcNow();
        health.Update(status => status with
        {
            LastPollAt = now,
            Trouble = info.Url.Length == 0 ? "no webhook is set" : failing ? $"Telegram cannot post: {info.LastErrorMessage}" : null,
        });
    }

    // The rest of the address may be a secret of somebody's.
    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Host : "an address that cannot be read";

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] Telegram was told to post updates to {Host}")]
    private partial void LogTold(string host);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] Telegram posts updates to {Host}; {Pending} wait")]
    private partial void LogPosting(string host, int pending);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] Telegram has no webhook of this bot, so nothing arrives: run \"rafaga webhook set https://your.host\", or set RAFAGA__TELEGRAM__WEBHOOKURL")]
    private partial void LogNone();

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] Telegram posts updates of this bot to {Host}, not where this process was set to: somebody else has told it")]
    private partial void LogOther(string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] Telegram cannot post updates to {Host}: {Error}; {Pending} wait, each for at most 24 hours")]
    private partial void LogCannotPost(string host, string? error, int pending);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] Telegram cannot be asked about the webhook: {Reason}; next try in {WaitSeconds:F1} s")]
    private partial void LogFailed(string reason, double waitSeconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] Telegram answers again after {Failures} failures")]
    private partial void LogRecovered(int failures);

    [LoggerMessage(Level = LogLevel.Critical, Message = "[BOT] {Reason}")]
    private partial void LogTokenRefused(string reason);
}
