using Rafaga.Backend.Delivery;
using Rafaga.Backend.Resources;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Commands;

/// <summary>In which language a person is spoken to: their own choice before what their Telegram says.</summary>
internal static class LanguageChoice
{
    private const string Auto = "auto";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["es"] = "es",
        ["espanol"] = "es",
        ["castellano"] = "es",
        ["spanish"] = "es",
        ["en"] = "en",
        ["english"] = "en",
        ["ingles"] = "en",
        [Auto] = Auto,
        ["telegram"] = Auto,
    };

    /// <summary>The language of a person, who may not be known yet.</summary>
    public static string Of(User? person, Sender sender) =>
        person is { LanguageChosen: true } ? person.Language : sender.Language ?? person?.Language ?? Sender.DefaultLanguage;

    /// <summary>Sets what the argument names, and asks when it names nothing. Whoever calls saves the person.</summary>
    public static CommandReply Change(User person, Sender sender, string? argument)
    {
        if (!Names.TryGetValue(Fold.Key(argument ?? ""), out var language)) return Ask(new Texts(person.Language));
        person.LanguageChosen = language != Auto;
        person.Language = language == Auto ? sender.Language ?? person.Language : language;
        return new CommandReply(new Texts(person.Language).LanguageSet(person.LanguageChosen));
    }

    // Each language under its own name, so that whoever cannot read the question finds the answer.
    private static CommandReply Ask(Texts texts) => new(texts.LanguageAsk)
    {
        Buttons = [new("Español", PersonCommand.Language, "es"), new("English", PersonCommand.Language, "en"), new(texts.LanguageAuto, PersonCommand.Language, Auto)],
    };
}
