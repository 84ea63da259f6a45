using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Telegram;

namespace Rafaga.Worker.Replies;

/// <summary>Sends replies, part by part, each once.</summary>
/// <remarks>
/// Telegram knows no key that would make a send happen once. So each part is noted with the batch before it is handed over and after it has arrived.
/// Between the two lies the one case in which nobody can know: the part is sent once more (or not, as the options say), counted and logged.
/// </remarks>
internal sealed partial class ReplySender(ChatSender chats, WorkerOptions options, WorkerMetrics metrics, ILogger<ReplySender> logger)
{
    private static readonly TimeSpan ShortestPark = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPark = TimeSpan.FromMinutes(1);

    /// <summary>Sends what earlier deliveries of the batch have not sent.</summary>
    /// <returns>False when the person cannot be reached any more and the reply is dropped.</returns>
    /// <exception cref="RetryLaterException">Telegram could not take a part now.</exception>
    /// <exception cref="DeadLetterException">Telegram will never take it.</exception>
    public async Task<bool> SendAsync(BatchId batchId, IReadOnlyList<SendMessageRequest> parts, DeliveryNote note, BatchContext context, CancellationToken cancellationToken)
    {
        while (note.Sent.Count < parts.Count)
        {
            if ((note.InFlight > 0 || note.Doubtful) && IsTakenAsSent(batchId, ref note))
            {
                note = note.WithSent(DeliveryNote.UnknownMessage);
                await context.SaveProgressAsync(note.Write(), cancellationToken);
                continue;
            }

            var before = note;
            try
            {
                note = note.WithSent(await chats.SendAsync(parts[note.Sent.Count], OnTurnAsync, cancellationToken));
            }
            catch (TelegramException e) when (e.IsUnreachable)
            {
                LogDropped(batchId, e.Message);
                return false;
            }
            catch (TelegramException e)
            {
                await GiveBackAsync(e, before, context);
            }

            // What has happened is recorded even if the host is stopping.
            await context.SaveProgressAsync(note.Write(), CancellationToken.None);

            Task OnTurnAsync() => context.SaveProgressAsync((before with { InFlight = before.InFlight + 1, Counted = false }).Write(), cancellationToken);
        }

        return true;
    }

    // Each time that nobody knows is counted once, however often the batch comes back because of it.
    private bool IsTakenAsSent(BatchId batchId, ref DeliveryNote note)
    {
        var taken = options.OnAmbiguous == AmbiguousReply.Skip || note.InFlight > 1;
        if (note.Counted) return taken;
        note = note with { Counted = true };
        metrics.Ambiguous();
        LogAmbiguous(batchId, note.Sent.Count + 1, taken ? "it is taken as sent" : "it is sent once more");
        return taken;
    }

    private static async Task GiveBackAsync(TelegramException e, DeliveryNote before, BatchContext context)
    {
        // No answer at all: the note stays as it is, and the next delivery finds the ambiguous case.
        if (e.OutcomeUnknown && e.ErrorCode is not >= 500)
            throw new RetryLaterException("Telegram did not say whether it took a part of the reply.", ShortestPark, burnsAttempt: false, e);

        // A gateway's 5xx means most likely no, but only most likely: ambiguous for the next delivery, however often it happens. All else is certain.
        var note = (e.OutcomeUnknown ? before with { Doubtful = true, Counted = false } : before) with { Failures = before.Failures + 1 };
        await context.SaveProgressAsync(note.Write(), CancellationToken.None);

        if (e.IsRefused) throw new DeadLetterException($"Telegram refuses the reply ({e.Message}).", e);
        var reason = e.IsTokenRefused ? $"Telegram refuses the token in TELEGRAM_BOT_TOKEN ({e.Message})." : $"Telegram cannot take the reply now ({e.Message}).";
        // Not this batch's fault: it waits for as long as it takes.
        throw new RetryLaterException(reason, e.RetryAfter ?? Backoff(note.Failures), burnsAttempt: false, e);
    }

    /// <summary>How long to leave Telegram alone that does not say so itself.</summary>
    public static TimeSpan Backoff(int failures) =>
        TimeSpan.FromSeconds(Math.Min(LongestPark.TotalSeconds, ShortestPark.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 10))));

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WORKER] {BatchId}: nobody knows whether part {Part} of the reply arrived; {Action}")]
    private partial void LogAmbiguous(BatchId batchId, int part, string action);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WORKER] {BatchId}: the reply is dropped, the person cannot be reached ({Reason})")]
    private partial void LogDropped(BatchId batchId, string reason);
}
