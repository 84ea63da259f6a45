using System.Globalization;
using System.Text;
using Rafaga.Contracts;
using Rafaga.Telegram.Types;

namespace Rafaga.Bot.Commands;

/// <summary>What a button under an answer to a command carries: for whom it is, and what it orders. Telegram allows 64 bytes.</summary>
/// <param name="PersonId">For whom.</param>
/// <param name="Name">The command.</param>
/// <param name="Argument">What would follow it.</param>
internal sealed record ButtonData(long PersonId, string Name, string? Argument)
{
    private const string Mark = "k";
    private const int MaxBytes = 64;

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is something else.</summary>
    public static ButtonData? Read(string? data) =>
        data?.Split(':', 4) is [Mark, var person, var name, var argument] && long.TryParse(person, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && name.Length > 0
            ? new ButtonData(id, name, argument.Length == 0 ? null : argument)
            : null;

    /// <summary>Buttons in a column; those that Telegram would not take are left out.</summary>
    public static InlineKeyboardMarkup? Keyboard(long person, IEnumerable<CommandButton>? buttons)
    {
        var rows = (buttons ?? [])
            .Select(button => new InlineKeyboardButton(button.Label) { CallbackData = new ButtonData(person, button.Name, button.Argument).ToString() })
            .Where(button => button.Text.Length > 0 && Encoding.UTF8.GetByteCount(button.CallbackData!) <= MaxBytes)
            .Select(button => (IReadOnlyList<InlineKeyboardButton>)[button])
            .ToList();
        return rows.Count == 0 ? null : new InlineKeyboardMarkup(rows);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mark}:{PersonId}:{Name}:{Argument}");
}
