using System.Globalization;
using System.Text.Json;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram;

/// <content>What the bot puts into chats, changes there and takes away. No send is idempotent: see <see cref="TelegramException.OutcomeUnknown"/>.</content>
public sealed partial class TelegramClient
{
    /// <summary>Sends a plain text of 1 to 4096 characters.</summary>
    public Task<Message> SendMessageAsync(long chatId, string text, long? messageThreadId, CancellationToken cancellationToken) =>
        SendMessageAsync(new SendMessageRequest(chatId, text) { MessageThreadId = messageThreadId }, cancellationToken);

    /// <summary>Sends a text.</summary>
    public Task<Message> SendMessageAsync(SendMessageRequest request, CancellationToken cancellationToken) =>
        _transport.CallAsync("sendMessage", request, CallJson.Default.SendMessageRequest, TelegramJson.Default.Message, CallTimeout, cancellationToken);

    /// <summary>Sends a picture, which the server compresses: at most 10 MB, width and height together at most 10,000.</summary>
    public Task<Message> SendPhotoAsync(SendFileRequest request, CancellationToken cancellationToken) => SendFileAsync("sendPhoto", "photo", request, cancellationToken);

    /// <summary>Sends a file as it is, at most 50 MB.</summary>
    public Task<Message> SendDocumentAsync(SendFileRequest request, CancellationToken cancellationToken) => SendFileAsync("sendDocument", "document", request, cancellationToken);

    /// <summary>Sends 2 to 10 pictures or files as one album.</summary>
    public async Task<IReadOnlyList<Message>> SendMediaGroupAsync(SendMediaGroupRequest request, CancellationToken cancellationToken)
    {
        using var form = BotApiForm.Of(request, CallJson.Default.SendMediaGroupRequest);
        List<InputMediaArgument> media = [];
        foreach (var item in request.Media)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"file{media.Count}");
            if (item.File is InputFile.Upload upload) form.Attach(name, upload);
            media.Add(new InputMediaArgument(item.Type, item.File is InputFile.Known known ? known.FileId : "attach://" + name, item.Caption));
        }

        form.Add("media", JsonSerializer.Serialize(media, CallJson.Default.IReadOnlyListInputMediaArgument));
        return await _transport.CallAsync("sendMediaGroup", form, TelegramJson.Default.IReadOnlyListMessage, FileTimeout, cancellationToken);
    }

    /// <summary>Shows "typing…" or the like for at most 5 s.</summary>
    public Task SendChatActionAsync(long chatId, string action, long? messageThreadId, CancellationToken cancellationToken) =>
        _transport.CallAsync(
            "sendChatAction", new SendChatActionRequest(chatId, action, messageThreadId), CallJson.Default.SendChatActionRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    /// <summary>Puts the bot's reaction on a message, in place of the one it had; null takes it away.</summary>
    /// <param name="chatId">The chat.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="emoji">One of those that Telegram allows as reactions.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public Task SetMessageReactionAsync(long chatId, long messageId, string? emoji, CancellationToken cancellationToken) =>
        _transport.CallAsync(
            "setMessageReaction", new SetMessageReactionRequest(chatId, messageId, emoji is null ? [] : [new ReactionType("emoji") { Emoji = emoji }]),
            CallJson.Default.SetMessageReactionRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    /// <summary>Changes a text of the bot. The same text again is an error: <see cref="TelegramException.IsNotModified"/>.</summary>
    public Task<Message> EditMessageTextAsync(EditMessageTextRequest request, CancellationToken cancellationToken) =>
        _transport.CallAsync("editMessageText", request, CallJson.Default.EditMessageTextRequest, TelegramJson.Default.Message, CallTimeout, cancellationToken);

    /// <summary>Changes the buttons under a message of the bot; null takes them away.</summary>
    public Task<Message> EditMessageReplyMarkupAsync(long chatId, long messageId, InlineKeyboardMarkup? replyMarkup, CancellationToken cancellationToken) =>
        _transport.CallAsync(
            "editMessageReplyMarkup", new EditMessageReplyMarkupRequest(chatId, messageId, replyMarkup),
            CallJson.Default.EditMessageReplyMarkupRequest, TelegramJson.Default.Message, CallTimeout, cancellationToken);

    /// <summary>Takes a message away, for everybody; the bot's own ones for 48 hours.</summary>
    public Task DeleteMessageAsync(long chatId, long messageId, CancellationToken cancellationToken) =>
        _transport.CallAsync("deleteMessage", new DeleteMessageRequest(chatId, messageId), CallJson.Default.DeleteMessageRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    /// <summary>Ends the wait that a button shows after it was pressed.</summary>
    /// <param name="callbackQueryId">Which press.</param>
    /// <param name="text">Said to the person in passing, at most 200 characters; null says nothing.</param>
    /// <param name="showAlert">As a dialog that the person has to close.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public Task AnswerCallbackQueryAsync(string callbackQueryId, string? text, bool showAlert, CancellationToken cancellationToken) =>
        _transport.CallAsync(
            "answerCallbackQuery", new AnswerCallbackQueryRequest(callbackQueryId, text, showAlert ? true : null),
            CallJson.Default.AnswerCallbackQueryRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    private async Task<Message> SendFileAsync(string method, string field, SendFileRequest request, CancellationToken cancellationToken)
    {
        using var form = BotApiForm.Of(request, CallJson.Default.SendFileRequest);
        if (request.File is InputFile.Upload upload) form.Attach(field, upload);
        else if (request.File is InputFile.Known known) form.Add(field, known.FileId);
        return await _transport.CallAsync(method, form, TelegramJson.Default.Message, FileTimeout, cancellationToken);
    }
}
