using System.Globalization;
using System.Text.Json;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Dashboard.Windows;

/// <summary>What a message that was appended shows of itself.</summary>
/// <param name="Kind">text, photo, document, edit or other.</param>
/// <param name="Text">Its text or caption.</param>
/// <param name="PhotoUrl">The picture, where this server has it.</param>
/// <param name="Chat">Title of the group, or name of the person.</param>
internal readonly record struct MessageFace(string Kind, string? Text, string? PhotoUrl, string? Chat)
{
    private const int SnippetLength = 80;

    /// <summary>The beginning of the text, cut between characters as people see them.</summary>
    public string? Snippet
    {
        get
        {
            if (Text is null || Text.Length <= SnippetLength) return Text;
            var length = 0;
            while (length < SnippetLength) length += StringInfo.GetNextTextElementLength(Text, length);
            return length < Text.Length ? Text[..length] + "…" : Text;
        }
    }
}

/// <summary>Reads the face of a message out of the raw update; whatever cannot be read is "other".</summary>
internal sealed class MessageReader(DashboardOptions options)
{
    public MessageFace Read(ReadOnlySpan<byte> body)
    {
        Update? update;
        try
        {
            update = JsonSerializer.Deserialize(body, TelegramJson.Default.Update);
        }
        catch (JsonException)
        {
            return new MessageFace("other", null, null, null);
        }

        var message = update?.Message ?? update?.EditedMessage;
        if (message is null) return new MessageFace("other", null, null, null);
        return new MessageFace(Kind(update!, message), message.Text ?? message.Caption, PhotoUrl(message), message.Chat?.Title ?? message.Chat?.FirstName);
    }

    private static string Kind(Update update, Message message) => (update, message) switch
    {
        ({ EditedMessage: not null }, _) => "edit",
        (_, { Photo.Count: > 0 }) => "photo",
        (_, { Document: not null }) => "document",
        (_, { Text: not null }) => "text",
        _ => "other",
    };

    private string? PhotoUrl(Message message)
    {
        if (!options.SimulatorEnabled) return null;
        var id = message.Photo is [.., var largest] ? largest.FileUniqueId : PictureOf(message.Document);
        return id is null ? null : "/simulator/files/" + Uri.EscapeDataString(id);
    }

    private static string? PictureOf(Document? document) =>
        document?.MimeType?.StartsWith("image/", StringComparison.Ordinal) == true ? document.FileUniqueId : null;
}
