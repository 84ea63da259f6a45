using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>What each method does and answers.</summary>
internal sealed partial class BotApiMethods(SimulatorOptions options, SimulatorStore store, UpdateQueue updates, TelegramSimulator simulator)
{
    private const int MaxTextLength = 4096;
    private const int MaxLimit = 100;
    private const int MaxTimeoutSeconds = 50;
    private const int MaxTextBytes = 32 * 1024;
    private const int MaxCommands = 100;
    private const int MaxDescriptionLength = 256;

    private static readonly string[] Actions =
    [
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker", "find_location",
        "record_video_note", "upload_video_note",
    ];

    /// <summary>The result of a method and the description beside it; the name is not case-sensitive.</summary>
    /// <exception cref="BotApiException">The Bot API answers with an error.</exception>
    public async Task<(JsonNode Result, string? Description)> CallAsync(string method, BotApiArguments arguments, CancellationToken cancellationToken) =>
        method.ToLowerInvariant() switch
        {
            "getme" => (GetMe(), null),
            "getupdates" => (await GetUpdatesAsync(arguments, cancellationToken), null),
            "sendmessage" => (SendMessage(arguments), null),
            "sendchataction" => (SendChatAction(arguments), null),
            "getfile" => (GetFile(arguments), null),
            "setmycommands" => (SetMyCommands(arguments), null),
            "deletewebhook" => (DeleteWebhook(arguments), "Webhook is already deleted"),
            _ => throw new BotApiException(404, "Not Found: method not found"),
        };

    private JsonObject Bot() => new()
    {
        ["id"] = long.Parse(options.Token.AsSpan(0, options.Token.IndexOf(':', StringComparison.Ordinal)), CultureInfo.InvariantCulture),
        ["is_bot"] = true,
        ["first_name"] = "Ráfaga",
        ["username"] = "rafaga_bot",
    };

    private JsonObject GetMe()
    {
        var bot = Bot();
        bot["can_join_groups"] = true;
        bot["can_read_all_group_messages"] = false;
        bot["supports_inline_queries"] = false;
        return bot;
    }

    private async Task<JsonNode> GetUpdatesAsync(BotApiArguments arguments, CancellationToken cancellationToken)
    {
        var limit = (int)Math.Clamp(arguments.Number("limit") ?? MaxLimit, 1, MaxLimit);
        var timeout = TimeSpan.FromSeconds(Math.Clamp(arguments.Number("timeout") ?? 0, 0, MaxTimeoutSeconds));
        if (arguments.Array("allowed_updates") is { } kinds) updates.Allow(kinds);
        return await updates.PollAsync(Math.Clamp(arguments.Number("offset") ?? 0, int.MinValue, int.MaxValue), limit, timeout, cancellationToken);
    }

    // Checked in the order in which the server does: the text, the chat, the message replied to, the length.
    private JsonObject SendMessage(BotApiArguments arguments)
    {
        var raw = arguments.Text("text") ?? "";
        if (Encoding.UTF8.GetByteCount(raw) > MaxTextBytes) throw BotApiException.BadRequest("text is too long");
        var text = raw.Trim();
        if (text.Length == 0) throw BotApiException.BadRequest("message text is empty");
        if (!string.IsNullOrEmpty(arguments.Text("parse_mode"))) throw BotApiException.BadRequest("unsupported parse_mode");
        var person = Chat(arguments);
        var repliedTo = RepliedTo(arguments, person);
        if (text.Length > MaxTextLength) throw BotApiException.BadRequest("message is too long");
        return simulator.SendFromBot(Bot(), person, text, repliedTo);
    }

    private JsonNode SendChatAction(BotApiArguments arguments)
    {
        if (!Actions.Contains(arguments.Text("action"), StringComparer.OrdinalIgnoreCase)) throw BotApiException.BadRequest("wrong parameter action in request");
        simulator.ShowTyping(Chat(arguments));
        return true;
    }

    private JsonObject GetFile(BotApiArguments arguments)
    {
        var fileId = arguments.Text("file_id") is { Length: > 0 } id ? id : throw BotApiException.BadRequest("file_id not specified");
        var file = store.Run(transaction => FileTable.Find(transaction, "file_id", fileId)) ?? throw BotApiException.BadRequest("invalid file_id");
        if (file.Size > TelegramClient.MaxDownloadBytes) throw BotApiException.BadRequest("file is too big");
        return new JsonObject
        {
            ["file_id"] = file.FileId,
            ["file_unique_id"] = file.FileUniqueId,
            ["file_size"] = file.Size,
            ["file_path"] = file.Path,
        };
    }

    private JsonNode SetMyCommands(BotApiArguments arguments)
    {
        var commands = arguments.Array("commands") ?? throw BotApiException.BadRequest("commands not specified");
        if (commands.Count > MaxCommands) throw BotApiException.BadRequest("BOT_COMMANDS_TOO_MUCH");
        foreach (var command in commands)
        {
            if (command is not JsonObject || !CommandName().IsMatch(Member(command, "command"))) throw BotApiException.BadRequest("BOT_COMMAND_INVALID");
            if (Member(command, "description").Length is < 1 or > MaxDescriptionLength) throw BotApiException.BadRequest("BOT_COMMAND_DESCRIPTION_INVALID");
        }

        return store.Run(transaction =>
        {
            Settings.Set(transaction, "commands:" + arguments.Text("language_code"), commands.ToJsonString());
            return true;
        });
    }

    private JsonNode DeleteWebhook(BotApiArguments arguments)
    {
        if (arguments.Flag("drop_pending_updates")) updates.Drop();
        return true;
    }

    private Person Chat(BotApiArguments arguments)
    {
        if (string.IsNullOrEmpty(arguments.Text("chat_id"))) throw BotApiException.BadRequest("chat_id is empty");
        var person = arguments.Number("chat_id") is { } id ? simulator.FindPerson(id) : null;
        if (person is null) throw BotApiException.BadRequest("chat not found");
        return arguments.Number("message_thread_id") is null or 0 ? person : throw BotApiException.BadRequest("message thread not found");
    }

    private JsonObject? RepliedTo(BotApiArguments arguments, Person person)
    {
        var parameters = arguments.Object("reply_parameters");
        var id = parameters?["message_id"] is JsonValue value && value.TryGetValue<long>(out var number) ? number : arguments.Number("reply_to_message_id");
        if (id is null or 0) return null;
        var mayBeMissing = arguments.Flag("allow_sending_without_reply") || parameters?["allow_sending_without_reply"]?.GetValueKind() == JsonValueKind.True;
        return simulator.FindMessage(person, id.Value) ?? (mayBeMissing ? null : throw BotApiException.BadRequest("message to be replied not found"));
    }

    private static string Member(JsonNode command, string name) => command[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    [GeneratedRegex(@"\A[a-z0-9_]{1,32}\z")]
    private static partial Regex CommandName();
}
