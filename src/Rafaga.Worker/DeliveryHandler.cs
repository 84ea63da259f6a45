using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Worker.Replies;

namespace Rafaga.Worker;

/// <summary>One batch: delivered to the backend, its reply sent to the person.</summary>
internal sealed partial class DeliveryHandler(
    BackendClient backend, ReplySender replies, TypingIndicator typing, ReceiptSign receipt, BusyNotice busy, Apology apology, WorkerOptions options, WorkerMetrics metrics, TimeProvider time,
    ILogger<DeliveryHandler> logger)
    : IBatchHandler<JsonElement>
{
    public async Task HandleAsync(Batch<JsonElement> batch, BatchContext context, CancellationToken cancellationToken)
    {
        var delivery = Delivery.Of(batch, context) ?? throw new DeadLetterException("The conversation's key does not name a Telegram chat.");
        // All that is left to do is to tell the person.
        if (delivery.Note.GivenUp is { } reason) throw new DeadLetterException(reason);
        var attempt = new DeliveryAttempt(batch.Attempt, time.GetUtcNow());
        try
        {
            var reply = await receipt.WhileAsync(
                delivery, () => typing.WhileAsync(delivery.Recipient, () => backend.PostAsync(batch, Answered, cancellationToken), cancellationToken), cancellationToken);
            if (await ReplyAsync(delivery, reply, delivery.Note.With(attempt), cancellationToken)) await receipt.ClearAsync(delivery, cancellationToken);
        }
        catch (Exception e) when (e is not LeaseLostException && !cancellationToken.IsCancellationRequested)
        {
            await context.SaveProgressAsync(delivery.Note.With(attempt with { Error = e.Message }).Write(), CancellationToken.None);
            await busy.TellAsync(delivery, e, cancellationToken);
            throw;
        }

        void Answered(int status, ReadOnlySpan<byte> answer) => attempt = attempt with
        {
            Milliseconds = (int)(time.GetUtcNow() - attempt.At).TotalMilliseconds,
            Status = status,
            Answer = Cut(Encoding.UTF8.GetString(answer)),
        };
    }

    // False when there is nobody any more to answer.
    private async Task<bool> ReplyAsync(Delivery delivery, BatchReply reply, DeliveryNote note, CancellationToken cancellationToken)
    {
        var (batch, context) = (delivery.Batch, delivery.Context);
        var parts = ReplyMessages.Of(reply, delivery.Recipient, delivery.Last, options.FeedbackButtons);
        if (parts.Count == 0)
        {
            await context.SaveProgressAsync(note.Write(), cancellationToken);
            LogSilent(batch.Id);
            return true;
        }

        // The attempt is kept together with the first word about the reply: no write of its own.
        var startedAt = time.GetTimestamp();
        using var activity = WorkerMetrics.Send(batch.Id);
        if (!await replies.SendAsync(batch.Id, parts, note, context, cancellationToken)) return false;
        metrics.Replied(time.GetUtcNow() - batch.Messages[^1].AppendedAt, batch.Messages.Count);
        LogReplied(batch.Id, batch.Messages.Count, reply.Text!.Length, parts.Count, time.GetElapsedTime(startedAt).TotalMilliseconds);
        return true;
    }

    public async Task OnDeadAsync(Batch<JsonElement> batch, string reason, BatchContext context, CancellationToken cancellationToken)
    {
        if (Delivery.Of(batch, context) is not { Note.ToldAt: null } delivery) return;
        if (await apology.TellAsync(delivery, reason, cancellationToken)) await receipt.ClearAsync(delivery, cancellationToken);
    }

    private static string Cut(string answer) => answer.Length <= DeliveryAttempt.MaxAnswer ? answer : answer[..DeliveryAttempt.MaxAnswer];

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] {BatchId}: {Messages} messages answered with {Characters} characters in {Parts} parts, sent in {Milliseconds:F0} ms")]
    private partial void LogReplied(BatchId batchId, int messages, int characters, int parts, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] {BatchId}: the backend has nothing to say")]
    private partial void LogSilent(BatchId batchId);
}
