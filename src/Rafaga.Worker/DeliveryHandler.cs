using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Telegram;
using Rafaga.Worker.Replies;
using Rafaga.Worker.Resources;

namespace Rafaga.Worker;

/// <summary>One batch: delivered to the backend, its reply sent to the person.</summary>
internal sealed partial class DeliveryHandler(
    BackendClient backend, ReplySender replies, TypingIndicator typing, TelegramClient telegram, WorkerMetrics metrics, TimeProvider time, ILogger<DeliveryHandler> logger)
    : IBatchHandler<JsonElement>
{
    public async Task HandleAsync(Batch<JsonElement> batch, BatchContext context, CancellationToken cancellationToken)
    {
        if (!ConversationKey.TryParse(batch.Conversation.Value, out var conversation))
            throw new DeadLetterException("The conversation's key does not name a Telegram chat.");

        var attempt = new DeliveryAttempt(batch.Attempt, time.GetUtcNow());
        try
        {
            var recipient = Recipient.Of(conversation);
            var reply = await typing.WhileAsync(recipient, () => backend.PostAsync(batch, Answered, cancellationToken), cancellationToken);
            await ReplyAsync(batch, recipient, reply, DeliveryNote.Read(context.Progress).With(attempt), context, cancellationToken);
        }
        catch (Exception e) when (e is not LeaseLostException && !cancellationToken.IsCancellationRequested)
        {
            await context.SaveProgressAsync(DeliveryNote.Read(context.Progress).With(attempt with { Error = e.Message }).Write(), CancellationToken.None);
            throw;
        }

        void Answered(int status, ReadOnlySpan<byte> answer) => attempt = attempt with
        {
            Milliseconds = (int)(time.GetUtcNow() - attempt.At).TotalMilliseconds,
            Status = status,
            Answer = Cut(Encoding.UTF8.GetString(answer)),
        };
    }

    private async Task ReplyAsync(
        Batch<JsonElement> batch, Recipient recipient, BatchReply reply, DeliveryNote note, BatchContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reply.Text))
        {
            await context.SaveProgressAsync(note.Write(), cancellationToken);
            LogSilent(batch.Id);
            return;
        }

        // The attempt is kept together with the first word about the reply: no write of its own.
        var startedAt = time.GetTimestamp();
        using var activity = WorkerMetrics.Send(batch.Id);
        var parts = await replies.SendAsync(batch.Id, recipient, reply.Text, note, context, cancellationToken);
        if (parts == 0) return;
        metrics.Replied(time.GetUtcNow() - batch.Messages[^1].AppendedAt, batch.Messages.Count);
        LogReplied(batch.Id, batch.Messages.Count, reply.Text.Length, parts, time.GetElapsedTime(startedAt).TotalMilliseconds);
    }

    public async Task OnDeadAsync(Batch<JsonElement> batch, string reason, BatchContext context, CancellationToken cancellationToken)
    {
        var note = DeliveryNote.Read(context.Progress);
        if (note.ToldAt is not null || !ConversationKey.TryParse(batch.Conversation.Value, out var conversation)) return;

        // Noted first: better no apology than two.
        await context.SaveProgressAsync((note with { ToldAt = time.GetUtcNow() }).Write(), cancellationToken);
        var recipient = Recipient.Of(conversation);
        try
        {
            await telegram.SendMessageAsync(recipient.ChatId, new Texts(LanguageOf(batch)).Apology, recipient.ThreadId, cancellationToken);
            LogApologized(batch.Id);
        }
        catch (TelegramException e)
        {
            // The batch may be replayed and die again: then the person is told after all.
            if (!e.OutcomeUnknown) await context.SaveProgressAsync(note.Write(), CancellationToken.None);
            LogNotApologized(batch.Id, e.Message);
        }
    }

    private static string Cut(string answer) => answer.Length <= DeliveryAttempt.MaxAnswer ? answer : answer[..DeliveryAttempt.MaxAnswer];

    private static string LanguageOf(Batch<JsonElement> batch)
    {
        var update = batch.Messages[^1].Body.Deserialize(TelegramJson.Default.Update);
        return Texts.LanguageOf((update?.Message ?? update?.EditedMessage)?.From?.LanguageCode);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] {BatchId}: {Messages} messages answered with {Characters} characters in {Parts} parts, sent in {Milliseconds:F0} ms")]
    private partial void LogReplied(BatchId batchId, int messages, int characters, int parts, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] {BatchId}: the backend has nothing to say")]
    private partial void LogSilent(BatchId batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WORKER] {BatchId} is given up; the person was told")]
    private partial void LogApologized(BatchId batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WORKER] {BatchId} is given up; the person could not be told ({Reason})")]
    private partial void LogNotApologized(BatchId batchId, string reason);
}
