using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rafaga.Telegram.Simulator.Chats;
using Rafaga.Telegram.Simulator.Resources;

namespace Rafaga.Telegram.Simulator.Control;

/// <summary>There is no such person or group; the message is one line that says so.</summary>
internal sealed class UnknownException(string message) : Exception(message);

/// <summary>Who and where: a chat is named by a person, whose private chat it is, or by the id of a group.</summary>
internal sealed class Addresses(TelegramSimulator simulator, HttpRequest request)
{
    /// <summary>Where no person is known yet, the reader's program says the language.</summary>
    public Texts Texts => Texts.For(request.Headers.AcceptLanguage);

    public Person Person(string username) => simulator.FindPerson(username) ?? throw new UnknownException(Texts["UnknownPerson", username]);

    public Group Group(string id) =>
        Number(id) is { } number && simulator.FindGroup(number) is { } group ? group : throw new UnknownException(Texts["UnknownGroup", id]);

    public Chat Chat(string chat) => Number(chat) is null ? Chats.Chat.Of(Person(chat)) : Chats.Chat.Of(Group(chat));

    /// <summary>Who acts: in a private chat its person, in a group whoever is named.</summary>
    public Person Actor(string chat, string? from)
    {
        if (Number(chat) is null) return Person(chat);
        Group(chat);
        return string.IsNullOrEmpty(from) ? throw new SendRefusedException(Texts["FromExpected"]) : Person(from);
    }

    public Participant Participant(string chat, string? from, long? threadId = null)
    {
        var person = Actor(chat, from);
        return Number(chat) is null ? simulator.At(person) : simulator.At(person, Group(chat), threadId);
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
