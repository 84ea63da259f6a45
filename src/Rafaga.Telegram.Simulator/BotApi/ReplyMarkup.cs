using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>Checks what a bot hangs under a message.</summary>
internal static class ReplyMarkup
{
    private const int MaxDataBytes = 64;
    private const int MaxButtons = 100;

    // A button does exactly one of these.
    private static readonly string[] Actions =
    [
        "callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
    ];

    /// <summary>The inline keyboard as a message shows it; null when there is none. Keyboards that replace the person's own are checked and not kept.</summary>
    public static JsonObject? Read(BotApiArguments arguments)
    {
        if (arguments.Text("reply_markup") is not { Length: > 0 }) return null;
        if (Parse(arguments) is not { } markup) throw BotApiException.BadRequest("object expected as reply markup");
        if (markup["keyboard"] is not (null or JsonArray)) throw BotApiException.BadRequest("field \"keyboard\" of the ReplyKeyboardMarkup must be an Array of Arrays");
        if (markup["inline_keyboard"] is not { } keyboard) return null;
        if (keyboard is not JsonArray rows || rows.Any(row => row is not JsonArray))
            throw BotApiException.BadRequest("field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays");
        var kept = new JsonArray([.. rows.Select(row => new JsonArray([.. row!.AsArray().Select(Button)])).Where(row => row.Count > 0)]);
        if (kept.Sum(row => row!.AsArray().Count) > MaxButtons) throw BotApiException.BadRequest("REPLY_MARKUP_TOO_LONG");
        return kept.Count == 0 ? null : new JsonObject { ["inline_keyboard"] = kept };
    }

    private static JsonObject? Parse(BotApiArguments arguments)
    {
        try
        {
            return arguments.Object("reply_markup");
        }
        catch (BotApiException)
        {
            throw BotApiException.BadRequest("can't parse reply keyboard markup JSON object");
        }
    }

    private static JsonObject Button(JsonNode? node)
    {
        if (node is not JsonObject button) throw BotApiException.BadRequest("can't parse inline keyboard button: inline keyboard button must be an Object");
        if (button.String("text")?.Trim() is not { Length: > 0 }) throw BotApiException.BadRequest("can't parse inline keyboard button: field \"text\" must be a non-empty string");
        if (!Actions.Any(action => button[action] is not null)) throw BotApiException.BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
        if (button["callback_data"] is { } data && (data.GetValueKind() != JsonValueKind.String || Encoding.UTF8.GetByteCount((string)data!) is < 1 or > MaxDataBytes))
            throw BotApiException.BadRequest("BUTTON_DATA_INVALID");
        return button.DeepClone().AsObject();
    }
}
