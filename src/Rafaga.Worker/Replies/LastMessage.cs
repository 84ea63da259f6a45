using System.Text.Json;
using Rafaga.Batching;
using Rafaga.Telegram;

namespace Rafaga.Worker.Replies;

/// <summary>The message that ended a burst: what the receipt is shown on and, in groups, what is answered.</summary>
/// <param name="Id">Null when it was no message of the person: the press of a button, or a kind that this version cannot read.</param>
/// <param name="LanguageCode">Language of the person's app.</param>
internal readonly record struct LastMessage(long? Id, string? LanguageCode)
{
    public static LastMessage Of(Batch<JsonElement> batch)
    {
        try
        {
            var update = batch.Messages[^1].Body.Deserialize(TelegramJson.Default.Update);
            var message = update?.Message ?? update?.EditedMessage;
            return new LastMessage(message?.MessageId, (message?.From ?? update?.CallbackQuery?.From)?.LanguageCode);
        }
        catch (JsonException)
        {
            // It can be delivered all the same: the backend gets it raw.
            return default;
        }
    }
}
