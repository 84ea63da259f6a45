using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Rafaga.Contracts;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Backend.Delivery;

/// <summary>One raw update as a batch of one: the way without a window, for comparisons and for bots that collect by themselves.</summary>
internal static class SingleUpdate
{
    private const string CloseReason = "single";

    /// <summary>Whether a batch is an update alone, which nobody has leased.</summary>
    public static bool Is(BatchRequest request) => request.CloseReason == CloseReason;

    /// <summary>The same update gives the same batch: its id comes from the update, its times from the message.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> body, long botId, DateTimeOffset now, [NotNullWhen(true)] out BatchRequest? request, [NotNullWhen(false)] out string? error)
    {
        (request, error) = (null, null);
        JsonElement raw;
        Update? update;
        try
        {
            using var document = JsonDocument.Parse(body);
            raw = document.RootElement.Clone();
            update = raw.ValueKind == JsonValueKind.Object ? raw.Deserialize(TelegramJson.Default.Update) : null;
        }
        catch (JsonException)
        {
            update = null;
            raw = default;
        }

        var message = update?.Message ?? update?.EditedMessage;
        error = update is null ? "The body is not an update of Telegram in JSON."
            : message is null ? "The update holds neither message nor edited_message."
            : message.From is null || message.Chat is null ? "The message says neither from whom nor in which chat."
            : null;
        if (error is not null) return false;

        var thread = message!.IsTopicMessage == true ? message.MessageThreadId ?? 0 : 0;
        var conversation = new ConversationKey(botId, message.Chat!.Id, thread, message.From!.Id).ToString();
        var sentAt = DateTimeOffset.FromUnixTimeSeconds(message.EditDate ?? message.Date);
        var id = update!.Message is null ? $"m{message.MessageId}:e{message.EditDate}" : $"m{message.MessageId}";
        request = new BatchRequest(
            string.Create(CultureInfo.InvariantCulture, $"update-{botId}-{update.UpdateId}"), conversation, now.ToUnixTimeMilliseconds(), 1, CloseReason,
            sentAt, sentAt, [new BatchMessage(id, sentAt, raw)]);
        return true;
    }
}
