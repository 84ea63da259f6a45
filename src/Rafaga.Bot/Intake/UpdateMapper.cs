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

    // What tells about the chat, not what a person says or shows. Anything else may be a kind that came after this was written: it is taken, and its person is told.
    private static readonly HashSet<string> Service = new(StringComparer.Ordinal)
    {
        "new_chat_members", "new_chat_member", "new_chat_participant", "left_chat_member", "left_chat_participant", "new_chat_title", "new_chat_photo", "delete_chat_photo",
        "group_chat_created", "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id", "migrate_from_chat_id", "pinned_message",
        "successful_payment", "refunded_payment", "user_shared", "users_shared", "chat_shared", "gift", "unique_gift", "gift_upgrade_sent", "connected_website", "write_access_allowed",
        "passport_data", "proximity_alert_triggered", "boost_added", "chat_background_set", "chat_owner_left", "chat_owner_changed", "checklist_tasks_done", "checklist_tasks_added",
        "direct_message_price_changed", "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
        "general_forum_topic_unhidden", "giveaway_created", "giveaway_completed", "paid_message_price_changed", "suggested_post_approved", "suggested_post_approval_failed",
        "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
        "video_chat_participants_invited", "voice_chat_scheduled", "voice_chat_started", "voice_chat_ended", "voice_chat_participants_invited", "web_app_data",
    };

    // What every message has around that, and so says nothing by itself.
    private static readonly HashSet<string> Frame = new(StringComparer.Ordinal)
    {
        "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count", "sender_business_bot", "sender_tag", "date", "business_connection_id", "chat",
        "forward_origin", "forward_from", "forward_from_chat", "forward_from_message_id", "forward_signature", "forward_sender_name", "forward_date", "is_topic_message",
        "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story", "reply_to_checklist_task_id", "via_bot", "edit_date", "has_protected_content",
        "is_from_offline", "is_paid_post", "media_group_id", "author_signature", "paid_star_count", "effect_id", "show_caption_above_media", "has_media_spoiler", "entities",
        "caption_entities", "link_preview_options", "suggested_post_info", "reply_markup",
    };

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
        var said = rawMessage.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null && !Frame.Contains(member.Name)).Select(member => member.Name).ToList();
        if (said.TrueForAll(Service.Contains)) return new UpdateOutcome.Ignore(id, "service message");

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
