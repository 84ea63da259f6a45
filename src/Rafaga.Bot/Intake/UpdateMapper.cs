using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Rafaga.Batching;
using Rafaga.Bot.Commands;
using Rafaga.Bot.Resources;
using Rafaga.Contracts;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;
using Message = Rafaga.Telegram.Types.Message;

namespace Rafaga.Bot.Intake;

/// <summary>Says what a raw update is, without side effects. It trusts nothing: whatever the JSON holds ends in one of the outcomes.</summary>
internal sealed partial class UpdateMapper(long botId, string? botUsername, GroupMode groups = GroupMode.Mention)
{
    // Telegram itself, in whose name posts of a channel appear in its group.
    private const long Forwarder = 777000;

    // Real updates nest about ten deep. Deeper ones could not be read again once an envelope is around them.
    private const int MaxDepth = 48;

    private static readonly TelegramJson Json = new(new JsonSerializerOptions(TelegramJson.Default.Options) { MaxDepth = MaxDepth });

    private readonly AddresseeRule _addressee = new(botId, botUsername, groups);

    // Members that hold what a person says or shows. Messages without any of them tell about the chat: joined, pinned, title changed.
    private static readonly string[] Content =
    [
        "text", "caption", "photo", "document", "video", "animation", "audio", "voice", "video_note", "live_photo", "sticker",
        "location", "venue", "contact", "poll", "checklist", "dice", "game", "story", "paid_media",
    ];

    public UpdateOutcome Map(JsonElement raw)
    {
        long? id = null;
        try
        {
            id = Id(raw);
            return id is { } known ? Map(known, raw) : new UpdateOutcome.Unreadable(null, "update_id is not a number");
        }
        catch (JsonException e)
        {
            return new UpdateOutcome.Unreadable(id, $"wrong value at {PathForLog(e.Path)}");
        }
        catch (InvalidOperationException)
        {
            // Half a character, in the name of a member.
            return new UpdateOutcome.Unreadable(id, "not valid text");
        }
    }

    private static long? Id(JsonElement raw) =>
        raw.ValueKind == JsonValueKind.Object && raw.TryGetProperty("update_id", out var number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt64(out var id) && id is >= 0 and < long.MaxValue ? id : null;

    private UpdateOutcome Map(long id, JsonElement raw)
    {
        var update = raw.Deserialize(Json.Update)!;
        // The store keeps text, also of the parts that nobody reads here.
        if (!Utf8.IsValid(JsonMarshal.GetRawUtf8Value(raw))) return new UpdateOutcome.Unreadable(id, "not valid UTF-8");
        return update switch
        {
            { Message: { } message } => Map(id, raw, raw.GetProperty("message"), message, edited: false),
            { EditedMessage: { } message } => Map(id, raw, raw.GetProperty("edited_message"), message, edited: true),
            { MyChatMember: { } standing } => Map(id, standing),
            { CallbackQuery: { } query } => Map(id, query),
            _ => new UpdateOutcome.Ignore(id, Kind(raw)),
        };
    }

    private UpdateOutcome Map(long id, JsonElement raw, JsonElement rawMessage, Message message, bool edited)
    {
        if (message.Chat is not { Id: not 0 } chat) return new UpdateOutcome.Unreadable(id, "the message has no chat");
        if (message.MessageId <= 0) return new UpdateOutcome.Unreadable(id, "the message has no id");
        if (message.From is not { Id: not 0 } person) return new UpdateOutcome.Ignore(id, "message without a sender");
        if (person.IsBot) return new UpdateOutcome.Ignore(id, "message of a bot");
        if (person.Id == Forwarder) return new UpdateOutcome.Ignore(id, "post of a channel");
        if (!Content.Any(name => rawMessage.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null))
            return new UpdateOutcome.Ignore(id, "service message");

        // Outside topics the thread id only says which message was answered.
        var thread = message.IsTopicMessage == true ? message.MessageThreadId : null;
        var conversation = Conversation(chat, thread, person);
        var origin = Origin(person, new ChatPlace(chat.Id, thread), message.EditDate ?? message.Date);
        if (message.Text is { } text && CommandForm().Match(text) is { Success: true } command)
            return edited ? new UpdateOutcome.Ignore(id, "edited command") : Map(id, command, chat, conversation, origin);

        // A shared position moves every few seconds, for hours; where it began was taken.
        if (edited && message.Location is not null) return new UpdateOutcome.Ignore(id, "moving position");

        var collected = new Message<JsonElement>(MessageId(id, message, edited), raw)
        {
            Group = string.IsNullOrEmpty(message.MediaGroupId) ? null : message.MediaGroupId,
            GroupOrder = message.MessageId,
            Photos = HasFile(message) ? 1 : 0,
        };
        return new UpdateOutcome.Collect(id, conversation, collected, origin, _addressee.Of(message)) { Edits = edited ? MessageId(id, message, edited: false) : null };
    }

    private UpdateOutcome Map(long id, CallbackQuery query)
    {
        if (query is not { Id.Length: > 0, From.Id: not 0, Data.Length: > 0, Message: { Chat.Id: not 0, MessageId: > 0 } message } || query.From.IsBot) return new UpdateOutcome.Ignore(id, "press without a message");
        var thread = message.IsTopicMessage == true ? message.MessageThreadId : null;
        var conversation = new ConversationId(new ConversationKey(botId, message.Chat.Id, thread ?? 0, query.From.Id).ToString());
        var label = message.ReplyMarkup?.InlineKeyboard?.SelectMany(row => row ?? []).FirstOrDefault(button => button?.CallbackData == query.Data)?.Text;
        return new UpdateOutcome.Press(id, query.Id, query.Data, label, message.MessageId, conversation, Origin(query.From, new ChatPlace(message.Chat.Id, thread), message.Date));
    }

    private UpdateOutcome Map(long id, ChatMemberUpdated standing)
    {
        if (standing is not { Chat.Id: not 0, From.Id: not 0, OldChatMember.Status: { } before, NewChatMember.Status: { } after }) return new UpdateOutcome.Unreadable(id, "no standing");
        var (was, isIn) = (IsIn(before), IsIn(after));
        if (was == isIn || standing.Chat.Type == "channel") return new UpdateOutcome.Ignore(id, "my_chat_member");
        var change = (standing.Chat.Type == "private", isIn) switch
        {
            (true, true) => StandingChange.Unblocked,
            (true, false) => StandingChange.Blocked,
            (false, true) => StandingChange.Added,
            (false, false) => StandingChange.Removed,
        };
        return new UpdateOutcome.Standing(id, change, Conversation(standing.Chat, null, standing.From), Origin(standing.From, new ChatPlace(standing.Chat.Id, null), standing.Date));

        static bool IsIn(string status) => status is "creator" or "administrator" or "member" or "restricted";
    }

    private ConversationId Conversation(Chat chat, long? thread, User person) => new(new ConversationKey(botId, chat.Id, thread ?? 0, person.Id).ToString());

    private static Origin Origin(User person, ChatPlace chat, long date) => new(
        person.Id, person.Username?.ToLowerInvariant(), Texts.LanguageOf(person.LanguageCode), chat,
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(date, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds())));

    private UpdateOutcome Map(long id, Match command, Chat chat, ConversationId conversation, Origin origin)
    {
        var name = command.Groups["name"].Value.ToLowerInvariant();
        var addressee = command.Groups["bot"];
        if (addressee.Success && !string.Equals(addressee.Value, botUsername, StringComparison.OrdinalIgnoreCase))
            return new UpdateOutcome.Ignore(id, "command for another bot");
        // In a group an unknown command without a name is most likely meant for a neighbour.
        if (!addressee.Success && chat.Type != "private" && !CommandNames.IsKnown(name)) return new UpdateOutcome.Ignore(id, "unknown command in a group");

        var argument = command.Groups["argument"].Value.Trim();
        return new UpdateOutcome.Command(id, name, argument.Length == 0 ? null : argument, conversation, origin);
    }

    // Whatever must be fetched counts: a window of ten videos is as full as one of ten photos.
    private static bool HasFile(Message message) =>
        message.Photo is { Count: > 0 }
        || ((FileReference?)message.Document ?? message.Video ?? (FileReference?)message.VideoNote ?? message.Animation ?? (FileReference?)message.Voice ?? message.Audio) is not null;

    private static string MessageId(long updateId, Message message, bool edited) => edited
        ? message.EditDate is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"m{message.MessageId}:e{at}")
            : string.Create(CultureInfo.InvariantCulture, $"u{updateId}")
        : string.Create(CultureInfo.InvariantCulture, $"m{message.MessageId}");

    private static string Kind(JsonElement raw)
    {
        var name = raw.EnumerateObject().Select(p => p.Name).FirstOrDefault(n => n != "update_id");
        return name is not null && KindForm().IsMatch(name) ? name : "unknown";
    }

    // Names of members may come from anywhere; only harmless ones are repeated.
    private static string PathForLog(string? path) => path is not null && PathForm().IsMatch(path) ? path : "an unnamed place";

    [GeneratedRegex(@"^/(?<name>[A-Za-z0-9_]{1,32})(@(?<bot>[A-Za-z0-9_]{1,64}))?(\s+(?<argument>.*))?$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex CommandForm();

    [GeneratedRegex("^[a-z_]{1,64}$")]
    private static partial Regex KindForm();

    [GeneratedRegex(@"^[$a-z_.\[\]0-9]{1,120}$")]
    private static partial Regex PathForm();
}
