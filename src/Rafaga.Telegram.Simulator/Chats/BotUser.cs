using System.Globalization;
using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.Chats;

/// <summary>The one bot, as messages show it.</summary>
internal sealed class BotUser(SimulatorOptions options)
{
    public long Id { get; } = long.Parse(options.Token.AsSpan(0, options.Token.IndexOf(':', StringComparison.Ordinal)), CultureInfo.InvariantCulture);

    public string Username => options.BotUsername;

    public JsonObject Json() => new() { ["id"] = Id, ["is_bot"] = true, ["first_name"] = options.BotName, ["username"] = options.BotUsername };

    /// <summary>The bot as a member of a chat.</summary>
    public JsonObject Member(string status)
    {
        var member = new JsonObject { ["user"] = Json(), ["status"] = status == Standing.Deactivated ? Standing.Kicked : status };
        if (status is Standing.Kicked or Standing.Deactivated) member["until_date"] = 0;
        return member;
    }
}
