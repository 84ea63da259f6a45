using System.Globalization;
using Rafaga.Contracts;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Worker.Replies;

/// <summary>A reply as the messages that carry it: the first answers, the others make no sound, the last has the buttons.</summary>
internal static class ReplyMessages
{
    // Choices longer than this stand one below the other.
    private const int ShortChoice = 14;
    private const int ChoicesInRow = 3;

    public static IReadOnlyList<SendMessageRequest> Of(BatchReply reply, Recipient recipient, LastMessage last, bool feedback)
    {
        var parts = MessageParts.Split(reply.Text ?? "", ParseModeOf(reply.Format));
        return [.. parts.Select((text, i) => new SendMessageRequest(recipient.ChatId, text)
        {
            MessageThreadId = recipient.ThreadId,
            ParseMode = ParseModeOf(reply.Format),
            // In a private chat it is clear what is answered.
            ReplyParameters = i == 0 && recipient.IsGroup && last.Id is { } id ? new ReplyParameters(id) { AllowSendingWithoutReply = true } : null,
            DisableNotification = i == 0 ? null : true,
            ReplyMarkup = i == parts.Count - 1 ? Buttons(reply, feedback) : null,
        })];
    }

    private static string? ParseModeOf(string? format) => format switch
    {
        ReplyFormat.Html => ParseMode.Html,
        ReplyFormat.MarkdownV2 => ParseMode.MarkdownV2,
        _ => null,
    };

    private static InlineKeyboardMarkup? Buttons(BatchReply reply, bool feedback)
    {
        var choices = (reply.Choices ?? []).Where(choice => !string.IsNullOrWhiteSpace(choice)).Take(ReplyButton.MaxChoices)
            .Select((choice, i) => new InlineKeyboardButton(Cut(choice.Trim())) { CallbackData = new ReplyButton.Choice(reply.BatchId, i).ToString() }).ToList();
        List<IReadOnlyList<InlineKeyboardButton>> rows = [.. choices.Chunk(choices.TrueForAll(c => c.Text.Length <= ShortChoice) ? ChoicesInRow : 1)];
        if (feedback) rows.Add([Thumb("👍", good: true), Thumb("👎", good: false)]);
        return rows.Count == 0 ? null : new InlineKeyboardMarkup(rows);

        InlineKeyboardButton Thumb(string text, bool good) => new(text) { CallbackData = new ReplyButton.Feedback(reply.BatchId, good).ToString() };
    }

    private static string Cut(string choice)
    {
        if (choice.Length <= ReplyButton.MaxLength) return choice;
        var length = 0;
        while (length + StringInfo.GetNextTextElementLength(choice.AsSpan(length)) is var next && next < ReplyButton.MaxLength) length = next;
        return choice[..length] + "…";
    }
}
