using System.Text.Json;
using Rafaga.Contracts;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Backend.Delivery;

/// <summary>Whom a batch is from, as its messages say. The identity comes from the signed conversation key, the rest is display.</summary>
internal sealed record Sender(long BotId, long TelegramId, string? Name, string? Username, string? Language)
{
    public const string DefaultLanguage = "en";
}

/// <summary>What a batch says and shows, taken out of its updates.</summary>
internal sealed record Burst(Sender From, IReadOnlyList<BurstMessage> Messages)
{
    public static Burst Read(BatchRequest request)
    {
        var key = Key(request.Conversation);
        var messages = new List<BurstMessage>(request.Messages.Count);
        User? from = null;
        foreach (var item in request.Messages)
        {
            var update = Update(item.Update);
            var message = update?.Message ?? update?.EditedMessage;
            if (message?.From is { } sender && sender.Id == key.UserId) from = sender;
            messages.Add(message is null
                ? new BurstMessage(item.Id, BurstKind.Other, MessageReader.Second(item.ReceivedAt), item.ReceivedAt) { Unkept = BurstKind.Unreadable }
                : MessageReader.Read(item, message, update!.Message is null));
        }

        return new Burst(Sender(key, from), messages);
    }

    public static Sender ReadSender(CommandRequest request)
    {
        var key = Key(request.Conversation);
        var update = Update(request.Update);
        var from = update?.Message?.From ?? update?.CallbackQuery?.From;
        return Sender(key, from?.Id == key.UserId ? from : null);
    }

    /// <summary>Id of the message that a command answers; null when it answers none.</summary>
    public static string? ReadRepliesTo(CommandRequest request) => Update(request.Update)?.Message?.ReplyToMessage is { } answered ? MessageReader.Key(answered) : null;

    private static Sender Sender(ConversationKey key, User? from)
    {
        var language = from?.LanguageCode is { Length: > 0 } code ? (code.StartsWith("es", StringComparison.OrdinalIgnoreCase) ? "es" : "en") : null;
        return new Sender(key.BotId, key.UserId, PlainText.Clean(from?.FirstName), PlainText.Clean(from?.Username?.ToLowerInvariant()), language);
    }

    private static ConversationKey Key(string conversation) =>
        ConversationKey.TryParse(conversation, out var key) ? key : throw new ArgumentException("Not a conversation key.", nameof(conversation));

    // An update that cannot be read is still a message that the person sent: its person is told that it cannot be kept.
    private static Update? Update(JsonElement raw)
    {
        try
        {
            return raw.Deserialize(TelegramJson.Default.Update);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The other one is half a character in the name of a member.
            return null;
        }
    }
}
