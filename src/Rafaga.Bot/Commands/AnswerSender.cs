using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Bot.Intake;
using Rafaga.Contracts;
using Rafaga.Telegram;

namespace Rafaga.Bot.Commands;

/// <summary>
/// Sends the answers to commands beside the intake, which a slow send must not hold up: one after the other in a chat, chats side by side.
/// Best effort: a person who misses one asks again.
/// </summary>
internal sealed partial class AnswerSender(TelegramClient telegram, ChatLanes lanes, TimeProvider time, ILogger<AnswerSender> logger) : BackgroundService
{
    private const int Capacity = 256;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly Channel<Sending> _waiting = Channel.CreateUnbounded<Sending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<long, Task> _underWay = [];
    private int _pending;

    public void Enqueue(Answer answer) => Enqueue(answer.Chat.ChatId, stop => SendAsync(answer, stop));

    /// <summary>Runs what sends to a chat, after whatever else is being sent there.</summary>
    /// <param name="chatId">The chat; null for what need not wait for anything.</param>
    /// <param name="send">Called once; what the Bot API says against it is logged.</param>
    public void Enqueue(long? chatId, Func<CancellationToken, Task> send)
    {
        if (Interlocked.Increment(ref _pending) <= Capacity && _waiting.Writer.TryWrite(new Sending(chatId, send))) return;
        Interlocked.Decrement(ref _pending);
        LogFull(chatId, Capacity);
    }

    /// <summary>Sends an answer at once, and tells the group that it was asked for in.</summary>
    /// <returns>False when it is for one person alone, and they cannot be reached.</returns>
    public async Task<bool> SendAsync(Answer answer, CancellationToken cancellationToken)
    {
        var message = new SendMessageRequest(answer.Chat.ChatId, answer.Text) { MessageThreadId = answer.Chat.ThreadId, ReplyMarkup = answer.Keyboard };
        try
        {
            await InTurnAsync(answer.Chat.ChatId, () => telegram.SendMessageAsync(message, cancellationToken), cancellationToken);
        }
        catch (TelegramException e) when (e.IsUnreachable && answer.Note is not null)
        {
            Enqueue(new Answer(answer.Note.Chat, answer.Note.Unreachable));
            return false;
        }

        if (answer.Note is { } note) Enqueue(new Answer(note.Chat, note.Arrived));
        foreach (var group in AnswerFiles.Grouped(answer.Files)) await SendAsync(answer.Chat, group, cancellationToken);
        return true;
    }

    /// <summary>Makes a call when the chat's turn has come, and once more when the Bot API asks for patience.</summary>
    public async Task<T> InTurnAsync<T>(long chatId, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await lanes.RunAsync(chatId, call, cancellationToken);
        }
        catch (TelegramException e) when (e.RetryAfter is { } wait && wait <= LongestWait)
        {
            await Task.Delay(wait, time, cancellationToken);
            return await lanes.RunAsync(chatId, call, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var sending in _waiting.Reader.ReadAllAsync(stoppingToken))
            {
                var run = RunAsync(sending, sending.ChatId is { } chat ? _underWay.GetValueOrDefault(chat) : null, stoppingToken);
                if (sending.ChatId is { } lane) _underWay[lane] = run;
                // Chats in which nothing is under way need no place here.
                if (_underWay.Count > Capacity) foreach (var idle in _underWay.Where(l => l.Value.IsCompleted).Select(l => l.Key).ToList()) _underWay.Remove(idle);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is not sent: best effort.
        }
    }

    private async Task RunAsync(Sending sending, Task? before, CancellationToken cancellationToken)
    {
        // The loop goes on while this waits.
        await Task.Yield();
        if (before is not null) await before;
        try
        {
            await sending.Send(cancellationToken);
        }
        catch (TelegramException e)
        {
            LogFailed(sending.ChatId, e.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // As above.
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    private async Task SendAsync(ChatPlace chat, IReadOnlyList<CommandFile> group, CancellationToken cancellationToken)
    {
        try
        {
            await InTurnAsync(chat.ChatId, () => AnswerFiles.SendAsync(telegram, chat, group, cancellationToken), cancellationToken);
        }
        catch (TelegramException e) when (e.ErrorCode == 400 && group.Count > 1)
        {
            // One that Telegram no longer has must not keep its neighbours back.
            foreach (var file in group) await SendAsync(chat, [file], cancellationToken);
        }
        catch (TelegramException e) when (e.ErrorCode == 400)
        {
            LogFailed(chat.ChatId, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] the answer to a command in chat {ChatId} was not sent: {Reason}")]
    private partial void LogFailed(long? chatId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] the answer to a command in chat {ChatId} was dropped: {Capacity} others wait")]
    private partial void LogFull(long? chatId, int capacity);

    private sealed record Sending(long? ChatId, Func<CancellationToken, Task> Send);
}
