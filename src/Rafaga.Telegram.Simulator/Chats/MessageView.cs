using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.Chats;

/// <summary>A message of the Bot API as the chat page shows it.</summary>
internal static class MessageView
{
    public static ChatMessage Of(JsonObject message, IReadOnlyList<Reaction> reactions)
    {
        var from = message["from"]!;
        var photo = message["photo"]?.AsArray()[^1];
        var kind = MessageContent.FileKinds.FirstOrDefault(message.ContainsKey);
        var file = photo ?? (kind is null ? null : message[kind]);
        var mediaType = (string?)file?["mime_type"];
        var isPicture = photo is not null || mediaType?.StartsWith("image/", StringComparison.Ordinal) == true || kind == "sticker";
        var url = file is null ? null : $"/simulator/files/{file["file_unique_id"]}";
        return new ChatMessage((long)message["message_id"]!, (long)message["date"]!, (string?)from["username"] ?? "", (bool?)from["is_bot"] == true)
        {
            Text = (string?)message["text"],
            Caption = (string?)message["caption"],
            PhotoUrl = isPicture ? url : null,
            PhotoWidth = (int?)photo?["width"],
            PhotoHeight = (int?)photo?["height"],
            FileName = (string?)message["document"]?["file_name"],
            MediaGroupId = (string?)message["media_group_id"],
            ReplyToMessageId = (long?)message["reply_to_message"]?["message_id"],
            EditDate = (long?)message["edit_date"],
            ThreadId = (long?)message["message_thread_id"],
            ForwardDate = (long?)message["forward_date"],
            FileKind = photo is null ? kind : null,
            FileUrl = isPicture ? null : url,
            Latitude = (double?)message["location"]?["latitude"],
            Longitude = (double?)message["location"]?["longitude"],
            Contact = message["contact"] is { } contact ? $"{contact["first_name"]} {contact["phone_number"]}" : null,
            Buttons = Buttons(message["reply_markup"]?["inline_keyboard"]),
            Reactions = reactions.Count > 0 ? reactions : null,
        };
    }

    private static IReadOnlyList<IReadOnlyList<ChatButton>>? Buttons(JsonNode? keyboard) => keyboard is JsonArray { Count: > 0 } rows
        ? [.. rows.Select(row => (IReadOnlyList<ChatButton>)[.. row!.AsArray().Select(button => new ChatButton((string)button!["text"]!) { CallbackData = (string?)button["callback_data"], Url = (string?)button["url"] })])]
        : null;
}
