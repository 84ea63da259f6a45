using Rafaga.Bot.Intake;
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
}
