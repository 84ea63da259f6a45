using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Telegram;
using Rafaga.Worker.Replies;

namespace Rafaga.Worker;

/// <summary>Tells a person, once, that their batch is given up. A Telegram that cannot take it now is waited for, as for a reply.</summary>
internal sealed partial class Apology(ChatSender chats, Speech speech, WorkerOptions options, TimeProvider time, ILogger<Apology> logger)
{
    /// <summary>Tells the person.</summary>
    /// <returns>False when the person cannot be reached any more.</returns>
    /// <exception cref="RetryLaterException">Telegram cannot take it now; the note says that the batch only waits for this.</exception>
    public async Task<bool> TellAsync(Delivery delivery, string reason, CancellationToken cancellationToken)
    {
        var note = delivery.Note with { GivenUp = null };
        var text = (await speech.ForAsync(delivery, cancellationToken)).Apology;
        var message = new SendMessageRequest(delivery.Recipient.ChatId, text) { MessageThreadId = delivery.Recipient.ThreadId };
        try
        {
            // Noted first: better no apology than two.
            await chats.SendAsync(message, () => SaveAsync(delivery, note with { ToldAt = time.GetUtcNow() }, cancellationToken), cancellationToken);
            LogTold(delivery.Batch.Id);
            return true;
        }
        catch (TelegramException e) when (MayHaveArrived(e) || e.IsRefused)
        {
            // The batch may be replayed and die again: then the person is told after all.
            if (e.IsRefused) await SaveAsync(delivery, note, CancellationToken.None);
            LogNotTold(delivery.Batch.Id, e.Message);
            return !e.IsUnreachable;
        }
        catch (TelegramException e)
        {
            var failures = note.Failures + 1;
            await SaveAsync(delivery, note with { GivenUp = reason, Failures = failures }, CancellationToken.None);
            throw new RetryLaterException($"Telegram cannot take the apology now ({e.Message}).", e.RetryAfter ?? ReplySender.Backoff(failures), burnsAttempt: false, e);
        }
    }

    // A gateway's 5xx means most likely no.
    private bool MayHaveArrived(TelegramException e) => e.OutcomeUnknown && (e.ErrorCode is not >= 500 || options.OnAmbiguous == AmbiguousReply.Skip);

    private static Task SaveAsync(Delivery delivery, DeliveryNote note, CancellationToken cancellationToken) => delivery.Context.SaveProgressAsync(note.Write(), cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WORKER] {BatchId} is given up; the person was told")]
    private partial void LogTold(BatchId batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WORKER] {BatchId} is given up; the person could not be told ({Reason})")]
    private partial void LogNotTold(BatchId batchId, string reason);
}
