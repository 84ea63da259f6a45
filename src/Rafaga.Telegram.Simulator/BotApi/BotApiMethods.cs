using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>What each method does and answers.</summary>
internal sealed class BotApiMethods(SimulatorOptions options, SimulatorStore store, UpdateQueue updates, TelegramSimulator simulator)
{
    private const int MaxTextLength = 4096;
    private const int MaxLimit = 100;
    private const int MaxTimeoutSeconds = 50;
    private const long MaxDownloadBytes = 20 * 1024 * 1024;

    private static readonly string[] Actions =
    [
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker", "find_location",
        "record_video_note", "upload_video_note",
    ];

    /// <summary>The result of a method; its name is not case-sensitive.</summary>
    /// <exception cref="BotApiException">The Bot API answers with an error.</exception>
    public async Task<JsonNode> CallAsync(string method, BotApiArguments arguments, CancellationToken cancellationToken) => method.ToLowerInvariant() switch
    {
        "getme" => GetMe(),
        "getupdates" => await GetUpdatesAsync(arguments, cancellationToken),
        "sendmessage" => SendMessage(arguments),
        "sendchataction" => SendChatAction(arguments),
        "getfile" => GetFile(arguments),
        "setmycommands" => SetMyCommands(arguments),
        "deletewebhook" => DeleteWebhook(arguments),
        _ => throw new BotApiException(404, "Not Found: method not found"),
    };

    private JsonObject Bot() => new()
    {
        ["id"] = long.Parse(options.Token.Split(':')[0], CultureInfo.InvariantCulture),
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
        return await updates.PollAsync(arguments.Number("offset") ?? 0, limit, timeout, arguments.Array("allowed_updates"), cancellationToken);
    }

    private JsonObject SendMessage(BotApiArguments arguments)
    {
        var chatId = ChatId(arguments);
        var text = arguments.Text("text")?.Trim();
        if (string.IsNullOrEmpty(text)) throw BotApiException.BadRequest("message text is empty");
        if (text.Length > MaxTextLength) throw BotApiException.BadRequest("message is too long");
        return simulator.SendFromBot(Bot(), chatId, text) ?? throw BotApiException.BadRequest("chat not found");
    }

    private JsonNode SendChatAction(BotApiArguments arguments)
    {
        var chatId = ChatId(arguments);
        if (!Actions.Contains(arguments.Text("action"), StringComparer.Ordinal)) throw BotApiException.BadRequest("wrong parameter action in request");
        return simulator.ShowTyping(chatId) ? true : throw BotApiException.BadRequest("chat not found");
    }

    private JsonObject GetFile(BotApiArguments arguments)
    {
        var fileId = arguments.Text("file_id") ?? throw BotApiException.BadRequest("file_id not specified");
        var file = store.Run(transaction => FileTable.Find(transaction, "file_id", fileId)) ?? throw BotApiException.BadRequest("invalid file_id");
        if (file.Size > MaxDownloadBytes) throw BotApiException.BadRequest("file is too big");
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
        return store.Run(transaction =>
        {
            Store.Settings.Set(transaction, "commands:" + arguments.Text("language_code"), commands.ToJsonString());
            return true;
        });
    }

    private JsonNode DeleteWebhook(BotApiArguments arguments)
    {
        if (arguments.Text("drop_pending_updates") is "true" or "True" or "1") updates.Drop();
        return true;
    }

    private static long ChatId(BotApiArguments arguments) =>
        arguments.Number("chat_id") ?? throw BotApiException.BadRequest(arguments.Text("chat_id") is null ? "chat_id is empty" : "chat not found");
}
