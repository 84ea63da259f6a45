using Microsoft.Extensions.Logging;
using Rafaga.Contracts;
using Rafaga.Telegram;
using Rafaga.Worker.Replies;

namespace Rafaga.Worker;

/// <summary>One quiet sign that a burst was received, for as long as its reply takes. It stays while the batch waits for another attempt, when nobody types.</summary>
internal sealed partial class ReceiptSign(TelegramClient telegram, ChatSender chats, Speech speech, WorkerOptions options, TimeProvider time, ILogger<ReceiptSign> logger)
{
    private const string Seen = "👀";

    // A reply that comes at once is sign enough.
    private static readonly TimeSpan ReactionAfter = TimeSpan.FromSeconds(1);

    // No reply waits longer for it.
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);

    /// <summary>Runs the work; what becomes of the sign never matters to it.</summary>
    public async Task<T> WhileAsync<T>(Delivery delivery, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (options.Receipt == Receipt.None || delivery.Note.ReceiptShown) return await work();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var showing = ShowAsync(delivery, done.Token, cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            // What has begun is waited for, so that no late sign follows the reply.
            await done.CancelAsync();
            await showing;
        }
    }

    /// <summary>Takes the sign away: the reply is there.</summary>
    public Task ClearAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var (chat, note) = (delivery.Recipient.ChatId, delivery.Note);
        if (!note.ReceiptShown) return Task.CompletedTask;
        return TryAsync(
            delivery,
            stop => note.Notice is { } notice ? telegram.DeleteMessageAsync(chat, notice, stop)
                : delivery.Last.Id is { } last ? telegram.SetMessageReactionAsync(chat, last, null, stop)
                : Task.CompletedTask,
            cancellationToken);
    }

    private async Task ShowAsync(Delivery delivery, CancellationToken done, CancellationToken cancellationToken)
    {
        var wait = Wait(delivery);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (done.IsCancellationRequested) return;
        await TryAsync(delivery, stop => options.Receipt == Receipt.Reaction ? ReactAsync(delivery, stop) : NotifyAsync(delivery, stop), cancellationToken);
    }

    // A batch that comes again has kept its person waiting already. The store's clock may not be ours.
    private TimeSpan Wait(Delivery delivery)
    {
        if (options.Receipt == Receipt.Reaction) return delivery.Note.Attempts.Count == 0 ? ReactionAfter : TimeSpan.Zero;
        var left = delivery.Batch.SealedAt + options.NoticeAfter - time.GetUtcNow();
        return left < options.NoticeAfter ? left : options.NoticeAfter;
    }

    private async Task ReactAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Last.Id is not { } last) return;
        // Noted first: whoever takes over must know what to take away.
        await SaveAsync(delivery, delivery.Note with { ReceiptShown = true }, cancellationToken);
        await telegram.SetMessageReactionAsync(delivery.Recipient.ChatId, last, Seen, cancellationToken);
    }

    private async Task NotifyAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var text = (await speech.ForAsync(delivery, cancellationToken)).Notice;
        var message = new SendMessageRequest(delivery.Recipient.ChatId, text) { MessageThreadId = delivery.Recipient.ThreadId, DisableNotification = true };
        var id = await chats.SendAsync(message, () => SaveAsync(delivery, delivery.Note with { ReceiptShown = true }, cancellationToken), cancellationToken);
        await SaveAsync(delivery, delivery.Note with { Notice = id }, CancellationToken.None);
    }

    private static Task SaveAsync(Delivery delivery, DeliveryNote note, CancellationToken cancellationToken) => delivery.Context.SaveProgressAsync(note.Write(), cancellationToken);

    private async Task TryAsync(Delivery delivery, Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(CallLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await act(linked.Token);
        }
        catch (Exception e)
        {
            LogFailed(delivery.Recipient.ChatId, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "[WORKER] no receipt sign in chat {ChatId}: {Reason}")]
    private partial void LogFailed(long chatId, string reason);
}
