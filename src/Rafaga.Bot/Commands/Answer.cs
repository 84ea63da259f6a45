using Rafaga.Bot.Intake;
using Rafaga.Bot.Resources;
using Rafaga.Contracts;
using Rafaga.Telegram.Types;

namespace Rafaga.Bot.Commands;

/// <summary>An answer to a command.</summary>
/// <param name="Chat">Where to.</param>
/// <param name="Text">What is said.</param>
internal sealed record Answer(ChatPlace Chat, string Text)
{
    /// <summary>Buttons under it.</summary>
    public InlineKeyboardMarkup? Keyboard { get; init; }

    /// <summary>Pictures and files that follow it.</summary>
    public IReadOnlyList<CommandFile> Files { get; init; } = [];

    /// <summary>What the group sees in which it was asked for; null when it is answered where it was asked.</summary>
    public GroupNote? Note { get; init; }

    /// <summary>Whether what is said there is read by one person alone.</summary>
    public static bool IsPrivate(Origin asked) => asked.Chat.ChatId == asked.PersonId;

    /// <summary>An answer for nobody else's eyes: asked for in a group, it goes to the person's private chat.</summary>
    public static Answer InPrivate(Origin asked, string text, Texts texts) => IsPrivate(asked)
        ? new Answer(asked.Chat, text)
        : new Answer(new ChatPlace(asked.PersonId, null), text) { Note = new GroupNote(asked.Chat, texts.AnsweredInPrivate, texts.OpenPrivateChat) };
}

/// <summary>What a group sees of an answer that went to one person alone.</summary>
/// <param name="Chat">Where.</param>
/// <param name="Arrived">Said when it has.</param>
/// <param name="Unreachable">Said when the person has no chat with the bot, or has blocked it.</param>
internal sealed record GroupNote(ChatPlace Chat, string Arrived, string Unreachable);
