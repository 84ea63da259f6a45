using Microsoft.Extensions.Logging;
using Rafaga.Telegram;
using Rafaga.Worker.Replies;

namespace Rafaga.Worker;

/// <summary>Shows "typing…" in a chat for as long as something takes. A batch that waits for another attempt is not typed for: nobody works on it.</summary>
internal sealed partial class TypingIndicator(TelegramClient telegram, TimeProvider time, ILogger<TypingIndicator> logger)
{
    // Telegram shows it for at most 5 s.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4.5);

    /// <summary>Runs the work; what becomes of the indicator never matters to it.</summary>
    public async Task<T> WhileAsync<T>(Recipient recipient, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var typing = TypeAsync(recipient, done.Token);
        try
        {
            return await work();
        }
        finally
        {
            // Awaited, so that no late "typing…" follows the reply.
            await done.CancelAsync();
            await typing;
        }
    }

    private async Task TypeAsync(Recipient recipient, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = Interval;
            try
            {
                await telegram.SendChatActionAsync(recipient.ChatId, "typing", recipient.ThreadId, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(recipient.ChatId, e.Message);
                if (e is TelegramException { IsUnreachable: true }) return;
                if ((e as TelegramException)?.RetryAfter is { } asked && asked > wait) wait = asked;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "[WORKER] no typing indicator in chat {ChatId}: {Reason}")]
    private partial void LogFailed(long chatId, string reason);
}
