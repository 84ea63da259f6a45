using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Bot.Resources;
using Rafaga.Contracts;
using Rafaga.Telegram;

namespace Rafaga.Bot.Commands;

/// <summary>Drops what waits, takes the signs away that promised a reply to it, and tells for how much of it that came too late.</summary>
internal sealed partial class CancelDesk(IBatcher<JsonElement> batcher, IBatchInspector batches, AnswerSender answers, TelegramClient telegram, ILogger<CancelDesk> logger)
{
    /// <summary>Cancels.</summary>
    /// <param name="conversation">Whose messages.</param>
    /// <param name="chatId">Where they stand.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="Exception">The store refused.</exception>
    public async Task<Cancelled> CancelAsync(ConversationId conversation, long chatId, CancellationToken cancellationToken)
    {
        var closed = await batches.ListAsync(
            new BatchQuery { Conversation = conversation, States = [BatchState.Sealed, BatchState.Leased, BatchState.Retry], Limit = BatchQuery.MaxLimit }, cancellationToken);
        var cancelled = await batcher.CancelAsync(conversation, cancellationToken);
        var answered = 0;
        foreach (var listed in closed.Batches)
        {
            // Only now it is certain: a worker may have taken it up or given it back since it was listed.
            if (await batches.FindAsync(listed, cancellationToken) is not { State: BatchState.Cancelled } batch) continue;
            var note = DeliveryNote.Read(batch.Progress);
            if (note.IsAnswered) answered += batch.MessageCount;
            if (note.ReceiptShown) answers.Enqueue(chatId, stop => ClearAsync(chatId, note.Notice, batch, stop), atOnce: true);
        }

        return new Cancelled(Math.Max(0, cancelled.Messages - answered), answered, cancelled.Running);
    }

    private async Task ClearAsync(long chatId, long? notice, Batch batch, CancellationToken cancellationToken)
    {
        try
        {
            if (notice is { } sent) await telegram.DeleteMessageAsync(chatId, sent, cancellationToken);
            else if (LastMessage(batch) is { } last) await telegram.SetMessageReactionAsync(chatId, last, null, cancellationToken);
        }
        catch (TelegramException e)
        {
            LogSignStays(chatId, e.Message);
        }
    }

    private static long? LastMessage(Batch batch)
    {
        try
        {
            var update = JsonSerializer.Deserialize(batch.Messages[^1].Message.Body.Span, TelegramJson.Default.Update);
            return (update?.Message ?? update?.EditedMessage)?.MessageId;
        }
        catch (JsonException)
        {
            // A kind that this version cannot read has no sign either.
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BOT] the receipt sign of a cancelled batch in chat {ChatId} stays: {Reason}")]
    private partial void LogSignStays(long chatId, string reason);
}

/// <summary>What a cancel did.</summary>
/// <param name="Dropped">Messages that nobody has worked on.</param>
/// <param name="Answered">Messages that the backend has worked on: what it saved stays, only the reply will not come.</param>
/// <param name="Running">A batch is in work and will be answered.</param>
internal readonly record struct Cancelled(int Dropped, int Answered, bool Running)
{
    public string Say(Texts texts) => string.Join(' ', Sentences(texts));

    private IEnumerable<string> Sentences(Texts texts)
    {
        if (Dropped > 0) yield return texts.Cleared(Dropped);
        if (Answered > 0) yield return texts.TooLate(Answered);
        if (Dropped + Answered == 0) yield return texts.NothingWaiting;
        if (Running) yield return texts.StillRunning;
    }
}
