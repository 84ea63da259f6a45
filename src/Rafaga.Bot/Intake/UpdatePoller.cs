using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Bot.Intake;

/// <summary>Fetches updates by long poll. Telegram keeps whatever is not confirmed, so nothing is confirmed before it is safe here.</summary>
internal sealed partial class UpdatePoller(
    TelegramClient telegram, BotIdentity identity, UpdateIntake intake, LastContact contact, BotHealth health, BotOptions options, TimeProvider time, Random random,
    IHostApplicationLifetime lifetime, ILogger<UpdatePoller> logger) : BackgroundService
{
    private const int PageSize = 100;
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private readonly PollBackoff _backoff = new(random);
    private bool _alone;
    private long? _offset;
    private bool _confirmed = true;

    /// <summary>One poll, with the introduction before the first.</summary>
    /// <exception cref="BotTokenException">The token is refused.</exception>
    internal async Task<PollOutcome> RunOnceAsync(CancellationToken cancellationToken)
    {
        UpdateMapper mapper;
        IReadOnlyList<JsonElement> page;
        try
        {
            mapper = await identity.LearnAsync(cancellationToken);
            if (!_alone) await EndWebhookAsync(cancellationToken);
            page = await telegram.GetUpdatesAsync(_offset, PageSize, options.PollTimeout, AllowedUpdates.All, cancellationToken);
            _confirmed = true;
        }
        catch (TelegramException e) when (e is { IsTokenRefused: true, ErrorCode: 401 })
        {
            throw new BotTokenException(e);
        }
        catch (TelegramException e)
        {
            // A server in this very process ends polls when the process stops.
            cancellationToken.ThrowIfCancellationRequested();
            return Fail(e);
        }

        TakenPage taken;
        try
        {
            taken = await intake.TakeAsync(mapper, page, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Fail(PollFault.NotStored, "what came cannot be stored; Telegram keeps it until it can", exception: e);
        }

        if (page.Count > 0 && taken.NextOffset is null) return Fail(PollFault.NotConfirmable, "what came has no id to confirm it by; it is kept with the rejected updates");

        Succeed(page, taken);
        return new PollOutcome.Taken(taken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server may be the simulator in this very process: it answers once the host has started, and must not wait for an open poll when it stops.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            await lifetime.StartedAsync(time, stop.Token);
            while (true)
            {
                if (await RunOnceAsync(stop.Token) is PollOutcome.Failed failed) await Task.Delay(failed.Wait, time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await ConfirmAsync();
        }
        catch (BotTokenException e)
        {
            LogTokenRefused(e.Message);
            throw;
        }
    }

    // Polls and a webhook exclude each other, and whoever starts this bot wants it to poll. What waits is kept.
    private async Task EndWebhookAsync(CancellationToken cancellationToken)
    {
        if (await FindWebhookAsync(cancellationToken) is { } webhook)
        {
            await telegram.DeleteWebhookAsync(dropPendingUpdates: false, cancellationToken);
            // The rest of the address may be a secret of somebody's.
            LogWebhookEnded(Uri.TryCreate(webhook.Url, UriKind.Absolute, out var address) ? address.Host : "an unreadable address", webhook.PendingUpdateCount);
        }

        _alone = true;
        LogPolling(options.PollTimeout.TotalSeconds);
    }

    private async Task<WebhookInfo?> FindWebhookAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await telegram.GetWebhookInfoAsync(cancellationToken) is { Url.Length: > 0 } webhook ? webhook : null;
        }
        catch (TelegramException e) when (e.ErrorCode == 404)
        {
            // A server of the Bot API that knows no webhooks has none.
            return null;
        }
    }

    private PollOutcome.Failed Fail(TelegramException e) => e switch
    {
        { ErrorCode: 409 } => Fail(PollFault.Conflict, $"only one process can take this bot's updates, and another one does, or a webhook is set; stop the other one ({e.Message})"),
        { ErrorCode: 429 } or { RetryAfter: not null } => Fail(PollFault.TooMany, e.Message, e.RetryAfter),
        _ => Fail(PollFault.Unavailable, e.Message),
    };

    private PollOutcome.Failed Fail(PollFault fault, string reason, TimeSpan? retryAfter = null, Exception? exception = null)
    {
        var wait = _backoff.Fail(fault, retryAfter);
        if (_backoff.IsNews) LogFailed(exception, reason, _backoff.Failures, wait.TotalSeconds);
        health.Update(status => status with { Trouble = reason });
        return new PollOutcome.Failed(fault, wait);
    }

    private void Succeed(IReadOnlyList<JsonElement> page, TakenPage taken)
    {
        if (_backoff.Succeed() is > 0 and var failures) LogRecovered(failures);
        contact.Made();
        if (taken.NextOffset is { } next)
        {
            _offset = next;
            _confirmed = false;
            LogTaken(page.Count, taken.Collected, taken.Duplicates, taken.Commands, taken.Ignored, taken.Refused, taken.Rejected);
        }

        var now = time.GetUtcNow();
        health.Update(status => status with
        {
            LastPollAt = now,
            LastUpdateAt = page.Count > 0 ? now : status.LastUpdateAt,
            Trouble = null,
            Rejected = status.Rejected + taken.Rejected,
        });
    }

    // Spares the next start what was taken already. Not needed for safety: what comes twice is recognised.
    private async Task ConfirmAsync()
    {
        if (_confirmed) return;
        using var timeout = new CancellationTokenSource(FarewellTimeout, time);
        try
        {
            await telegram.GetUpdatesAsync(_offset, 1, TimeSpan.Zero, AllowedUpdates.All, timeout.Token);
            _confirmed = true;
        }
        catch (Exception e) when (e is TelegramException or OperationCanceledException)
        {
            LogNotConfirmed(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] polling, {PollSeconds} s at a time")]
    private partial void LogPolling(double pollSeconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] the webhook at {Host} was ended, because this process polls (RAFAGA__TELEGRAM__MODE=webhook keeps it); {Pending} updates waited and come by poll now")]
    private partial void LogWebhookEnded(string host, int pending);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] took updates of a page of {Updates}: {Collected} collected, {Duplicates} known, {Commands} commands, {Ignored} ignored, {Refused} refused, {Rejected} set aside")]
    private partial void LogTaken(int updates, int collected, int duplicates, int commands, int ignored, int refused, int rejected);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] poll failed: {Reason}; failure {Failures} in a row, next poll in {WaitSeconds:F1} s")]
    private partial void LogFailed(Exception? exception, string reason, int failures, double waitSeconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] polling again after {Failures} failures")]
    private partial void LogRecovered(int failures);

    [LoggerMessage(Level = LogLevel.Critical, Message = "[BOT] {Reason}")]
    private partial void LogTokenRefused(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BOT] the last updates were not confirmed before the stop: {Reason}")]
    private partial void LogNotConfirmed(string reason);
}
