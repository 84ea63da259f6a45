using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rafaga.Telegram;

namespace Rafaga.Worker.Replies;

/// <summary>Sends one message when its chat's turn has come: where the group is now, and plain if its markup is refused.</summary>
internal sealed partial class ChatSender(TelegramClient telegram, ChatLanes lanes, ILogger<ChatSender> logger)
{
    // Groups that have become supergroups since this process began, by the ids that their conversations still have.
    private readonly ConcurrentDictionary<long, long> _moved = new();

    /// <summary>Sends it.</summary>
    /// <param name="message">What.</param>
    /// <param name="onTurn">Called right before it is handed over; may be called again when it did certainly not arrive.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="TelegramException">It was not sent, or nobody knows.</exception>
    public async Task<long> SendAsync(SendMessageRequest message, Func<Task> onTurn, CancellationToken cancellationToken)
    {
        if (_moved.TryGetValue(message.ChatId, out var known)) message = In(known, message);
        try
        {
            return await lanes.RunAsync(message.ChatId, () => SendAsync(message), cancellationToken);
        }
        catch (TelegramException e) when (e.MigrateToChatId is { } moved)
        {
            LogMoved(message.ChatId, moved);
            _moved[message.ChatId] = moved;
            return await lanes.RunAsync(moved, () => SendAsync(In(moved, message)), cancellationToken);
        }

        async Task<long> SendAsync(SendMessageRequest request)
        {
            await onTurn();
            try
            {
                return (await telegram.SendMessageAsync(request, cancellationToken)).MessageId;
            }
            catch (TelegramException e) when (e.IsMarkupRefused && request.ParseMode is not null)
            {
                LogPlain(request.ChatId, request.ParseMode);
                return (await telegram.SendMessageAsync(request with { ParseMode = null }, cancellationToken)).MessageId;
            }
        }
    }

    // Messages have other numbers there: the same number would be somebody else's words.
    private static SendMessageRequest In(long chatId, SendMessageRequest message) => message with { ChatId = chatId, ReplyParameters = null };

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] the group {ChatId} is now {NewChatId}; replies go there")]
    private partial void LogMoved(long chatId, long newChatId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WORKER] Telegram cannot read the {ParseMode} of a reply to chat {ChatId}; it is sent as it stands")]
    private partial void LogPlain(long chatId, string parseMode);
}
