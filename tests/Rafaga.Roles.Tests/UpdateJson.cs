using System.Globalization;
using System.Text.Json;

namespace Rafaga.Roles.Tests;

/// <summary>Updates as Telegram writes them.</summary>
internal static class UpdateJson
{
    public const string AnaFrom = """{"id":777,"is_bot":false,"first_name":"Ana","last_name":"R","username":"ana","language_code":"es"}""";
    public const string AnaChat = """{"id":777,"first_name":"Ana","last_name":"R","username":"ana","type":"private"}""";
    public const string LuisFrom = """{"id":888,"is_bot":false,"first_name":"Luis","username":"luis","language_code":"en-GB"}""";
    public const string LuisChat = """{"id":888,"first_name":"Luis","username":"luis","type":"private"}""";
    public const string Group = """{"id":-1001,"title":"Family","type":"supergroup"}""";

    private const string Sizes = """
        [{"file_id":"AgAC-s","file_unique_id":"AQAD-s","file_size":1502,"width":90,"height":67},
         {"file_id":"AgAC-y","file_unique_id":"AQAD-y","file_size":150200,"width":1280,"height":960}]
        """;

    public static JsonElement Parse(string json) => JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4096 }).RootElement;

    public static string Quote(string text) => JsonSerializer.Serialize(text, JsonSerializerOptions.Web);

    public static (long Id, string Json) Message(long update, long message, string content, string from = AnaFrom, string chat = AnaChat, string kind = "message", string extra = "") =>
        (update, string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"update_id":{{{update}}},"{{{kind}}}":{"message_id":{{{message}}},"from":{{{from}}},"chat":{{{chat}}},"date":1790000000,{{{extra}}}{{{content}}}}}"""));

    public static (long Id, string Json) Text(long update, long message, string text, string from = AnaFrom, string chat = AnaChat) =>
        Message(update, message, $"\"text\":{Quote(text)}", from, chat);

    public static (long Id, string Json) Photo(long update, long message, string? caption = null, string? album = null) => Message(
        update, message, $"\"photo\":{Sizes}{(caption is null ? "" : $",\"caption\":{Quote(caption)}")}", extra: album is null ? "" : $"\"media_group_id\":\"{album}\",");

    /// <summary>Ana presses a button in her chat.</summary>
    public static (long Id, string Json) Press(long update, string data, params (string Text, string Data)[] buttons) => Press(update, AnaFrom, AnaChat, data, buttons);

    public static (long Id, string Json) Press(long update, string from, string chat, string data, params (string Text, string Data)[] buttons)
    {
        var rows = string.Join(',', buttons.Select(b => $$"""[{"text":{{Quote(b.Text)}},"callback_data":{{Quote(b.Data)}}}]"""));
        var markup = buttons.Length == 0 ? "" : $$""","reply_markup":{"inline_keyboard":[{{rows}}]}""";
        return (update, string.Create(CultureInfo.InvariantCulture, $$$"""
            {"update_id":{{{update}}},"callback_query":{"id":"4711","from":{{{from}}},"chat_instance":"1","data":{{{Quote(data)}}},
             "message":{"message_id":60,"from":{"id":123456,"is_bot":true,"first_name":"Bot"},"chat":{{{chat}}},"date":1790000000,"text":"¿Cuál?"{{{markup}}}
             } } }
            """));
    }
}
