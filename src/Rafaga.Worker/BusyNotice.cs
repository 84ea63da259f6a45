using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Telegram;
using Rafaga.Worker.Replies;

namespace Rafaga.Worker;

/// <summary>Says once that a reply will be late: the batch is parked, because model or backend are away, and has been waiting for long.</summary>
internal sealed partial class BusyNotice(ChatSender chats, Speech speech, WorkerOptions options, TimeProvider time, ILogger<BusyNotice> logger)
{
    /// <summary>Tells the person if it is time to. Whether that works never matters to the batch.</summary>
    public async Task TellAsync(Delivery delivery, Exception failure, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // A reply that is being sent is no longer waited for.
        if (failure is not RetryLaterException { BurnsAttempt: false } || delivery.Note is not { BusyToldAt: null, Sent.Count: 0, InFlight: 0, Doubtful: false }) return;
        if (options.BusyAfter is not { } after || now - delivery.Batch.SealedAt < after) return;

        var text = (await speech.ForAsync(delivery, cancellationToken)).Busy;
        var message = new SendMessageRequest(delivery.Recipient.ChatId, text) { MessageThreadId = delivery.Recipient.ThreadId, DisableNotification = true };
        try
        {
            // Noted first: better no word than two.
            await chats.SendAsync(message, () => SaveAsync(delivery, now, cancellationToken), cancellationToken);
            LogTold(delivery.Batch.Id);
        }
        catch (TelegramException e)
        {
            if (!e.OutcomeUnknown) await SaveAsync(delivery, null, CancellationToken.None);
            LogNotTold(delivery.Batch.Id, e.Message);
        }
    }

    private static Task SaveAsync(Delivery delivery, DateTimeOffset? at, CancellationToken cancellationToken) =>
        delivery.Context.SaveProgressAsync((delivery.Note with { BusyToldAt = at }).Write(), cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] {BatchId} waits for long; the person was told")]
    private partial void LogTold(BatchId batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WORKER] {BatchId} waits for long; the person could not be told ({Reason})")]
    private partial void LogNotTold(BatchId batchId, string reason);
}
