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
    // What one chat may hold up is little beside what all may, so that no chat silences another.
    private const int CapacityOfChat = 64;
    private const int Capacity = 4096;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    // Timers ring a little early, and the lane is not open yet.
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(0.1);

    private readonly Channel<Sending> _waiting = Channel.CreateUnbounded<Sending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Line> _lines = [];
    private int _pending;

    public void Enqueue(Answer answer) => Enqueue(answer.Chat.ChatId, stop => SendAsync(answer, stop));

    /// <summary>Runs what sends to a chat, after whatever else is being sent there.</summary>
    /// <param name="chatId">The chat.</param>
    /// <param name="send">Called once; what goes wrong with it is logged.</param>
    /// <param name="atOnce">It need not wait for anything.</param>
    public void Enqueue(long chatId, Func<CancellationToken, Task> send, bool atOnce = false)
    {
        if (Enter(chatId) is { } line) _waiting.Writer.TryWrite(new Sending(chatId, line, send, atOnce));
        else LogFull(chatId, CapacityOfChat, Capacity);
    }

    /// <summary>Sends an answer at once, and tells the group that it was asked for in.</summary>
    /// <returns>False when it is for one person alone, and they cannot be reached.</returns>
    public async Task<bool> SendAsync(Answer answer, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var message in Messages(answer)) await InTurnAsync(answer.Chat.ChatId, () => telegram.SendMessageAsync(message, cancellationToken), cancellationToken);
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

    /// <summary>Makes a call when the chat's turn has come, and again whenever it is asked for patience: for a minute in all.</summary>
    public async Task<T> InTurnAsync<T>(long chatId, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var patience = LongestWait; ;)
        {
            try
            {
                return await lanes.RunAsync(chatId, call, cancellationToken);
            }
            catch (TelegramException e) when (e.RetryAfter is { } wait && wait <= patience)
            {
                await Task.Delay(wait + Spare, time, cancellationToken);
                patience -= wait + Spare;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var sending in _waiting.Reader.ReadAllAsync(stoppingToken))
            {
                var run = RunAsync(sending, sending.AtOnce ? Task.CompletedTask : sending.Line.Last, stoppingToken);
                if (!sending.AtOnce) sending.Line.Last = run;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is not sent: best effort.
        }
    }

    /// <summary>Never fails, so that what goes wrong with one answer is not the next one's trouble.</summary>
    private async Task RunAsync(Sending sending, Task before, CancellationToken cancellationToken)
    {
        // The loop goes on while this waits.
        await Task.Yield();
        await before;
        try
        {
            await sending.Send(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // As above.
        }
        catch (TelegramException e)
        {
            LogFailed(sending.ChatId, e.Message);
        }
        catch (Exception e)
        {
            LogBroken(e, sending.ChatId);
        }
        finally
        {
            Leave(sending);
        }
    }

    /// <returns>Null when there is no room.</returns>
    private Line? Enter(long chatId)
    {
        lock (_gate)
        {
            var line = _lines.GetValueOrDefault(chatId) ?? new Line();
            if (_pending >= Capacity || line.Pending >= CapacityOfChat) return null;
            _lines[chatId] = line;
            line.Pending++;
            _pending++;
            return line;
        }
    }

    private void Leave(Sending sending)
    {
        lock (_gate)
        {
            _pending--;
            if (--sending.Line.Pending == 0) _lines.Remove(sending.ChatId);
        }
    }

    // As replies are: the others make no sound, the last has the buttons.
    private static IEnumerable<SendMessageRequest> Messages(Answer answer)
    {
        var parts = MessageParts.Split(answer.Text);
        return parts.Select((text, i) => new SendMessageRequest(answer.Chat.ChatId, text)
        {
            MessageThreadId = answer.Chat.ThreadId,
            DisableNotification = i == 0 ? null : true,
            ReplyMarkup = i == parts.Count - 1 ? answer.Keyboard : null,
        });
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
    private partial void LogFailed(long chatId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "[BOT] the answer to a command in chat {ChatId} was not sent")]
    private partial void LogBroken(Exception exception, long chatId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] the answer to a command in chat {ChatId} was dropped: {CapacityOfChat} others wait there, or {Capacity} everywhere")]
    private partial void LogFull(long chatId, int capacityOfChat, int capacity);

    /// <summary>What waits for one chat.</summary>
    private sealed class Line
    {
        public int Pending { get; set; }

        public Task Last { get; set; } = Task.CompletedTask;
    }

    private sealed record Sending(long ChatId, Line Line, Func<CancellationToken, Task> Send, bool AtOnce);
}
