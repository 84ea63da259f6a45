using Rafaga.Telegram.Types;

namespace Rafaga.Bot.Intake;

/// <summary>Whom a message is for.</summary>
internal enum Addressee
{
    /// <summary>The bot: in private, by mention, as an answer to it, or because it is set to take everything.</summary>
    Bot,

    /// <summary>Nobody in particular: part of the burst of somebody who has just called the bot, else none of its business.</summary>
    Nobody,

    /// <summary>Somebody else, by mention or as an answer to them.</summary>
    Others,
}

/// <summary>Tells whom a message is for, from nothing but the message.</summary>
internal sealed class AddresseeRule(long botId, string? botUsername, GroupMode groups)
{
    private readonly string? _mention = botUsername is null ? null : "@" + botUsername;

    public Addressee Of(Message message)
    {
        if (message.Chat.Type == "private" || groups == GroupMode.All) return Addressee.Bot;

        var mentioned = Mentioned(message);
        var answered = Answered(message)?.From?.Id;
        if (answered == botId || mentioned.Contains(Addressee.Bot)) return Addressee.Bot;
        var answersOthers = answered is { } id && id != message.From?.Id;
        return answersOthers || mentioned.Contains(Addressee.Others) ? Addressee.Others : Addressee.Nobody;
    }

    private HashSet<Addressee> Mentioned(Message message)
    {
        var (text, entities) = message.Text is { } written ? (written, message.Entities) : (message.Caption ?? "", message.CaptionEntities);
        HashSet<Addressee> found = [];
        foreach (var entity in entities ?? [])
        {
            if (entity?.Type == "text_mention") found.Add(entity.User?.Id == botId ? Addressee.Bot : Addressee.Others);
            if (entity?.Type == "mention") found.Add(string.Equals(Stretch(text, entity), _mention, StringComparison.OrdinalIgnoreCase) ? Addressee.Bot : Addressee.Others);
        }

        return found;
    }

    // Every message of a topic answers the one that opened it, unless it answers another.
    private static Message? Answered(Message message) =>
        message.IsTopicMessage == true && message.ReplyToMessage?.MessageId == message.MessageThreadId ? null : message.ReplyToMessage;

    // Offsets come from outside.
    private static string? Stretch(string text, MessageEntity entity) =>
        entity is { Offset: >= 0, Length: > 0 } && entity.Offset <= text.Length - entity.Length ? text.Substring(entity.Offset, entity.Length) : null;
}
