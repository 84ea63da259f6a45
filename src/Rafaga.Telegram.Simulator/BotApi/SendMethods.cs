using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Chats;
using Rafaga.Telegram.Simulator.Resources;
using Rafaga.Telegram.Simulator.Store;
using Rafaga.Telegram.Simulator.Text;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>Methods that write new messages, or show that one is being written.</summary>
internal sealed class SendMethods(ChatLog log)
{
    public const int MaxTextLength = 4096;
    public const int MaxCaptionLength = 1024;

    private const int MaxTextBytes = 32 * 1024;
    private const long FirstGroupId = 15_000_000_000_000_000;

    private static readonly string[] Actions =
    [
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker", "find_location",
        "record_video_note", "upload_video_note",
    ];

    // Checked in the order in which the server does: the text, the chat, the message replied to, the length.
    public JsonNode Message(BotApiArguments arguments)
    {
        var text = Words(arguments, "text", "entities");
        if (text.Text.Length == 0) throw BotApiException.BadRequest("message text is empty");
        return Send(arguments, (_, _) =>
        {
            if (text.Text.Length > MaxTextLength) throw BotApiException.BadRequest("message is too long");
            return [MessageContent.Text(text)];
        })[0];
    }

    public JsonNode File(BotApiArguments arguments, OutgoingKind kind)
    {
        var name = Member(kind);
        var caption = Words(arguments, "caption", "caption_entities");
        return Send(arguments, (transaction, _) =>
        {
            if (caption.Text.Length > MaxCaptionLength) throw BotApiException.BadRequest("message caption is too long");
            var content = Media(transaction, arguments, arguments.File(name) is null ? arguments.Text(name) : "attach://" + name, kind);
            MessageContent.Caption(content, caption);
            if (arguments.Flag("show_caption_above_media")) content["show_caption_above_media"] = true;
            if (arguments.Flag("has_spoiler")) content["has_media_spoiler"] = true;
            return [content];
        })[0];
    }

    public JsonNode MediaGroup(BotApiArguments arguments)
    {
        var media = arguments.Array("media") ?? throw BotApiException.BadRequest("media must be a non-empty array");
        if (media.Count is < 2 or > 10) throw BotApiException.BadRequest("group send failed: wrong number of messages in the album");
        var members = media.Select(member => member as JsonObject ?? throw BotApiException.BadRequest("can't parse media: InputMedia must be an Object")).ToList();
        var sent = Send(
            arguments,
            (transaction, _) => [.. members.Select(member => Member(transaction, arguments, member))],
            transaction => Settings.Next(transaction, "bot_media_group_id", FirstGroupId).ToString(CultureInfo.InvariantCulture));
        return new JsonArray([.. sent.Select(message => (JsonNode)message.DeepClone())]);
    }

    public JsonNode Location(BotApiArguments arguments)
    {
        if (Degrees(arguments, "latitude", 90) is not { } latitude || Degrees(arguments, "longitude", 180) is not { } longitude) throw BotApiException.BadRequest("wrong location specified");
        return Send(arguments, (_, _) => [MessageContent.Location(latitude, longitude)])[0];
    }

    public JsonNode Contact(BotApiArguments arguments)
    {
        if (arguments.Text("phone_number") is not { Length: > 0 } phone) throw BotApiException.BadRequest("phone number is empty");
        if (arguments.Text("first_name") is not { Length: > 0 } name) throw BotApiException.BadRequest("first name is empty");
        return Send(arguments, (_, _) => [MessageContent.Contact(name, phone)])[0];
    }

    public JsonNode ChatAction(BotApiArguments arguments)
    {
        if (!Actions.Contains(arguments.Text("action"), StringComparer.OrdinalIgnoreCase)) throw BotApiException.BadRequest("wrong parameter action in request");
        var chat = log.Store.Run(transaction =>
        {
            var open = Target.Open(transaction, arguments);
            Target.Thread(transaction, arguments, open);
            return open;
        });
        log.Events.Publish(chat.Id, new ChatEvent.Typing());
        return true;
    }

    public JsonNode MessageDraft(BotApiArguments arguments)
    {
        var text = Words(arguments, "text", "entities");
        var chat = log.Store.Run(transaction => Target.Open(transaction, arguments));
        if (!chat.IsPrivate) throw BotApiException.BadRequest("TEXTDRAFT_PEER_INVALID");
        if (arguments.Number("draft_id") is null or 0) throw BotApiException.BadRequest("draft_id must be non-zero");
        if (text.Text.Length > MaxTextLength) throw BotApiException.BadRequest("message is too long");
        log.Events.Publish(chat.Id, new ChatEvent.Draft(text.Text));
        return true;
    }

    /// <summary>Words of an argument, as their mark-up says.</summary>
    public static FormattedText Words(BotApiArguments arguments, string name, string entities)
    {
        var raw = arguments.Text(name) ?? "";
        if (Encoding.UTF8.GetByteCount(raw) > MaxTextBytes) throw BotApiException.BadRequest("text is too long");
        return Markup.Read(raw, arguments.Text("parse_mode"), arguments.Array(entities));
    }

    /// <summary>A file that came with the call, or one that was there before, as the content of a message.</summary>
    public static JsonObject Media(Transaction transaction, BotApiArguments arguments, string? source, OutgoingKind kind)
    {
        var name = Member(kind);
        if (string.IsNullOrEmpty(source)) throw BotApiException.BadRequest($"there is no {name} in the request");
        if (source.StartsWith("attach://", StringComparison.Ordinal))
        {
            var file = arguments.File(source["attach://".Length..]) ?? throw BotApiException.BadRequest("file not found in the request");
            return MessageContent.File(transaction, Checked(file with { Kind = kind }));
        }

        if (source.Contains("://", StringComparison.Ordinal)) throw BotApiException.BadRequest("failed to get HTTP URL content");
        var (known, attachment) = AttachmentTable.Find(transaction, source) ?? throw BotApiException.BadRequest("wrong file identifier/HTTP URL specified");
        return known == name ? new JsonObject { [name] = attachment } : throw BotApiException.BadRequest($"can't use file of type {Type(known)} as {Type(name)}");
    }

    private static OutgoingFile Checked(OutgoingFile file)
    {
        if (file.Bytes.Length == 0) throw BotApiException.BadRequest("file must be non-empty");
        try
        {
            OutgoingChecks.File(file, Texts.For("en"));
            return file;
        }
        catch (SendRefusedException)
        {
            throw BotApiException.BadRequest(ImageHeader.TryRead(file.Bytes, out _) ? "PHOTO_INVALID_DIMENSIONS" : "IMAGE_PROCESS_FAILED");
        }
    }

    private List<JsonObject> Send(
        BotApiArguments arguments, Func<Transaction, Chat, IReadOnlyList<JsonObject>> makeContents, Func<Transaction, string>? groupId = null)
    {
        var markup = ReplyMarkup.Read(arguments);
        var (chat, messages) = log.Store.Run(transaction =>
        {
            var (target, frame) = Target.Place(transaction, arguments);
            frame = frame with { MediaGroupId = groupId?.Invoke(transaction) };
            var sent = makeContents(transaction, target).Select(content =>
            {
                if (markup is not null && groupId is null) content["reply_markup"] = markup.DeepClone();
                return log.Add(transaction, target, log.Bot.Json(), content, frame);
            }).ToList();
            return (target, sent);
        });
        log.Show(chat, messages);
        return messages;
    }

    private static JsonObject Member(Transaction transaction, BotApiArguments arguments, JsonObject member)
    {
        var type = member.String("type");
        var kind = Enum.GetValues<OutgoingKind>().Where(k => k is OutgoingKind.Photo or OutgoingKind.Document or OutgoingKind.Video or OutgoingKind.Audio)
            .Cast<OutgoingKind?>().FirstOrDefault(k => Member(k!.Value) == type) ?? throw BotApiException.BadRequest("can't parse InputMedia: Unsupported type specified");
        var content = Media(transaction, arguments, member.String("media"), kind);
        var caption = Markup.Read(member.String("caption") ?? "", member.String("parse_mode"), member["caption_entities"] as JsonArray);
        if (caption.Text.Length > MaxCaptionLength) throw BotApiException.BadRequest("message caption is too long");
        MessageContent.Caption(content, caption);
        return content;
    }

    private static double? Degrees(BotApiArguments arguments, string name, double limit) =>
        double.TryParse(arguments.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= limit ? degrees : null;

    private static string Member(OutgoingKind kind) => kind.ToString().ToLowerInvariant();

    private static string Type(string member) => char.ToUpperInvariant(member[0]) + member[1..];
}
