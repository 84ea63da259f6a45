using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.Chats;

/// <summary>Where messages are: the private chat of a person with the bot, or a group.</summary>
internal sealed record Chat(long Id, Person? Person, Group? Group)
{
    public static Chat Of(Person person) => new(person.Id, person, null);

    public static Chat Of(Group group) => new(group.Id, null, group);

    public bool IsForum => Group?.IsForum == true;

    public bool IsPrivate => Person is not null;

    /// <summary>The chat as messages show it.</summary>
    public JsonObject Json()
    {
        if (Person is not null) return new JsonObject { ["id"] = Id, ["first_name"] = Person.FirstName, ["username"] = Person.Username, ["type"] = "private" };
        var chat = new JsonObject { ["id"] = Id, ["title"] = Group!.Title, ["type"] = Group.Type };
        if (IsForum) chat["is_forum"] = true;
        return chat;
    }
}

/// <summary>What the bot is in a chat.</summary>
internal static class Standing
{
    public const string Member = "member";
    public const string Administrator = "administrator";
    public const string Left = "left";

    /// <summary>Thrown out of a group; in a private chat: blocked.</summary>
    public const string Kicked = "kicked";

    /// <summary>The person's account is gone.</summary>
    public const string Deactivated = "deactivated";

    public static bool IsIn(string status) => status is Member or Administrator;
}
