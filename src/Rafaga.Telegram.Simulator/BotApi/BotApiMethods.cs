using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>The way from the name of a method to what it does.</summary>
internal sealed class BotApiMethods(UpdateMethods updates, SendMethods send, EditMethods edit, ChatMethods chats)
{
    /// <summary>The result of a method and the description beside it; the name is not case-sensitive.</summary>
    /// <exception cref="BotApiException">The Bot API answers with an error.</exception>
    public async Task<(JsonNode Result, string? Description)> CallAsync(string method, BotApiArguments arguments, CancellationToken cancellationToken)
    {
        updates.CheckLogin();
        return method.ToLowerInvariant() switch
        {
            "getupdates" => (await updates.GetAsync(arguments, cancellationToken), null),
            "setwebhook" => updates.SetWebhook(arguments),
            "deletewebhook" => updates.DeleteWebhook(arguments),
            var name => (Call(name, arguments), null),
        };
    }

    private JsonNode Call(string method, BotApiArguments arguments) => method switch
    {
        "getwebhookinfo" => updates.WebhookInfo(),
        "logout" => updates.LogOut(),
        "close" => updates.Close(),
        "getme" => chats.Me(),
        "getchat" => chats.Chat(arguments),
        "getchatmember" => chats.ChatMember(arguments),
        "leavechat" => chats.LeaveChat(arguments),
        "getfile" => chats.File(arguments),
        "setmycommands" => chats.SetCommands(arguments),
        "getmycommands" => chats.Commands(arguments),
        "deletemycommands" => chats.DeleteCommands(arguments),
        "sendmessage" => send.Message(arguments),
        "sendphoto" => send.File(arguments, OutgoingKind.Photo),
        "senddocument" => send.File(arguments, OutgoingKind.Document),
        "sendvideo" => send.File(arguments, OutgoingKind.Video),
        "sendvoice" => send.File(arguments, OutgoingKind.Voice),
        "sendaudio" => send.File(arguments, OutgoingKind.Audio),
        "sendsticker" => send.File(arguments, OutgoingKind.Sticker),
        "sendmediagroup" => send.MediaGroup(arguments),
        "sendlocation" => send.Location(arguments),
        "sendcontact" => send.Contact(arguments),
        "sendchataction" => send.ChatAction(arguments),
        "sendmessagedraft" => send.MessageDraft(arguments),
        "editmessagetext" => edit.Text(arguments),
        "editmessagecaption" => edit.Caption(arguments),
        "editmessagereplymarkup" => edit.ReplyMarkup(arguments),
        "deletemessage" => edit.Delete(arguments),
        "deletemessages" => edit.DeleteMany(arguments),
        "setmessagereaction" => edit.React(arguments),
        "answercallbackquery" => edit.AnswerCallbackQuery(arguments),
        _ => throw new BotApiException(404, "Not Found: method not found"),
    };
}
