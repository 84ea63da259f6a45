using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Bot.Intake;
using Rafaga.Telegram;

namespace Rafaga.Bot.Commands;

/// <summary>An answer to a command.</summary>
internal sealed record Answer(ChatPlace Chat, string Text);

/// <summary>Sends the answers to commands beside the poller, which a slow send must not hold up. Best effort: a person who misses one asks again.</summary>
internal sealed partial class AnswerSender(TelegramClient telegram, TimeProvider time, ILogger<AnswerSender> logger) : BackgroundService
{
    private const int Capacity = 256;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly Channel<Answer> _answers = Channel.CreateBounded<Answer>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    public void Enqueue(Answer answer)
    {
        if (!_answers.Writer.TryWrite(answer)) LogFull(answer.Chat.ChatId, Capacity);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var answer in _answers.Reader.ReadAllAsync(stoppingToken)) await SendAsync(answer, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is not sent: best effort.
        }
    }

    private async Task SendAsync(Answer answer, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await telegram.SendMessageAsync(answer.Chat.ChatId, answer.Text, answer.Chat.ThreadId, cancellationToken);
                return;
            }
            catch (TelegramException e) when (attempt == 1 && e.RetryAfter is { } wait && wait <= LongestWait)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
            catch (TelegramException e)
            {
                LogFailed(answer.Chat.ChatId, e.Message);
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] the answer to a command in chat {ChatId} was not sent: {Reason}")]
    private partial void LogFailed(long chatId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] the answer to a command in chat {ChatId} was dropped: {Capacity} others wait")]
    private partial void LogFull(long chatId, int capacity);
}
