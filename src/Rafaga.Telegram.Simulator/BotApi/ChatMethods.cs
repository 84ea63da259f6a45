using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rafaga.Telegram.Simulator.Chats;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>Methods that tell what there is: the bot, chats, files, and the menu of commands.</summary>
internal sealed partial class ChatMethods(ChatLog log)
{
    private const long LinkSeconds = 60 * 60;
    private const int MaxCommands = 100;
    private const int MaxDescriptionLength = 256;

    public JsonNode Me()
    {
        var bot = log.Bot.Json();
        bot["can_join_groups"] = true;
        bot["can_read_all_group_messages"] = log.Store.Run(transaction => Settings.Get(transaction, Settings.PrivacyMode)) != "true";
        bot["supports_inline_queries"] = false;
        return bot;
    }

    public JsonNode Chat(BotApiArguments arguments)
    {
        var json = log.Store.Run(transaction =>
        {
            var chat = Target.Chat(transaction, arguments);
            if (!chat.IsPrivate) Target.Open(transaction, arguments);
            return chat.Json();
        });
        json["accent_color_id"] = 0;
        json["max_reaction_count"] = 11;
        return json;
    }

    public JsonNode ChatMember(BotApiArguments arguments) => log.Store.Run(transaction =>
    {
        var chat = Target.Open(transaction, arguments);
        if (arguments.Number("user_id") is not { } id) throw BotApiException.BadRequest("invalid user_id specified");
        if (id == log.Bot.Id) return log.Bot.Member(GroupTable.StandingIn(transaction, chat.Id));
        var person = PersonTable.Find(transaction, id);
        if (person is null || (chat.IsPrivate && chat.Id != id)) throw BotApiException.BadRequest("PARTICIPANT_ID_INVALID");
        return new JsonObject { ["user"] = person.Json(), ["status"] = Standing.Member };
    });

    public JsonNode LeaveChat(BotApiArguments arguments) => log.Store.Run(transaction =>
    {
        var chat = Target.Open(transaction, arguments);
        if (chat.IsPrivate) throw BotApiException.BadRequest("chat member status can't be changed in private chats");
        GroupTable.SetStanding(transaction, chat.Id, Standing.Left);
        return true;
    });

    public JsonNode File(BotApiArguments arguments)
    {
        var fileId = arguments.Text("file_id") is { Length: > 0 } id ? id : throw BotApiException.BadRequest("file_id not specified");
        return log.Store.Run(transaction =>
        {
            var file = FileTable.Find(transaction, "file_id", fileId) ?? throw BotApiException.BadRequest("invalid file_id");
            if (file.Size > TelegramClient.MaxDownloadBytes) throw BotApiException.BadRequest("file is too big");
            FileTable.Link(transaction, file.Path, log.Clock.Now + LinkSeconds);
            return new JsonObject
            {
                ["file_id"] = file.FileId,
                ["file_unique_id"] = file.FileUniqueId,
                ["file_size"] = file.Size,
                ["file_path"] = file.Path,
            };
        });
    }

    public JsonNode SetCommands(BotApiArguments arguments)
    {
        var commands = arguments.Array("commands") ?? throw BotApiException.BadRequest("commands not specified");
        if (commands.Count > MaxCommands) throw BotApiException.BadRequest("BOT_COMMANDS_TOO_MUCH");
        foreach (var command in commands)
        {
            if (!CommandName().IsMatch(command.String("command") ?? "")) throw BotApiException.BadRequest("BOT_COMMAND_INVALID");
            if (command.String("description")?.Length is null or < 1 or > MaxDescriptionLength) throw BotApiException.BadRequest("BOT_COMMAND_DESCRIPTION_INVALID");
        }

        log.Store.Run(transaction => Settings.Set(transaction, CommandsOf(arguments), commands.ToJsonString()));
        return true;
    }

    public JsonNode Commands(BotApiArguments arguments) =>
        log.Store.Run(transaction => Settings.Get(transaction, CommandsOf(arguments))) is { } commands ? JsonNode.Parse(commands)! : new JsonArray();

    public JsonNode DeleteCommands(BotApiArguments arguments)
    {
        log.Store.Run(transaction => Settings.Delete(transaction, CommandsOf(arguments)));
        return true;
    }

    // The default scope has the name that a menu without one has.
    private static string CommandsOf(BotApiArguments arguments)
    {
        var scope = arguments.Object("scope");
        var prefix = scope is null || scope.String("type") is "default" ? "commands:" : $"commands:{scope.ToJsonString()}:";
        return prefix + arguments.Text("language_code");
    }

    [GeneratedRegex(@"\A[a-z0-9_]{1,32}\z")]
    private static partial Regex CommandName();
}
