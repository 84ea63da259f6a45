using System.Globalization;
using System.Resources;

namespace Rafaga.Bot.Resources;

/// <summary>What the bot itself says to a person, in the person's language.</summary>
internal sealed class Texts(string language)
{
    private static readonly ResourceManager Resources = new("Rafaga.Bot.Resources.Texts", typeof(Texts).Assembly);

    private readonly CultureInfo _culture = CultureInfo.GetCultureInfo(language);

    public string Start => Get(nameof(Start));

    public string Help => Get(nameof(Help));

    public string UnknownCommand => Get(nameof(UnknownCommand));

    public string NothingWaiting => Get(nameof(NothingWaiting));

    public string StillRunning => Get(nameof(StillRunning));

    public string ForgetAsk => Get(nameof(ForgetAsk));

    public string ForgetYes => Get(nameof(ForgetYes));

    public string ForgetNo => Get(nameof(ForgetNo));

    public string Kept => Get(nameof(Kept));

    public string ForgottenHere => Get(nameof(ForgottenHere));

    public string NotYourButton => Get(nameof(NotYourButton));

    public string OldButton => Get(nameof(OldButton));

    public string ExportBegins => Get(nameof(ExportBegins));

    public string NothingKept => Get(nameof(NothingKept));

    public string ExportTooBig => Get(nameof(ExportTooBig));

    public string AnsweredInPrivate => Get(nameof(AnsweredInPrivate));

    public string OpenPrivateChat => Get(nameof(OpenPrivateChat));

    public string NotNow => Get(nameof(NotNow));

    public string AccessClosed => Get(nameof(AccessClosed));

    public string AccessByCode => Get(nameof(AccessByCode));

    public string AccessOff => Get(nameof(AccessOff));

    public string TooFast => Get(nameof(TooFast));

    public string GroupGreeting => Get(nameof(GroupGreeting));

    public string GroupGreetingAll => Get(nameof(GroupGreetingAll));

    /// <summary>What is kept where the backend is somebody else's.</summary>
    public string Privacy => Get(nameof(Privacy));

    /// <summary>Spanish for every kind of Spanish, English for everything else.</summary>
    public static string LanguageOf(string? tag) => tag?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? "es" : "en";

    /// <summary>What a command does, for the menu.</summary>
    public string Menu(string command) => Get("Menu" + char.ToUpperInvariant(command[0]) + command[1..]);

    public string Cleared(int messages) => messages == 1 ? Get("ClearedOne") : Get("ClearedMany", messages);

    public string TooLate(int messages) => messages == 1 ? Get("TooLateOne") : Get("TooLateMany", messages);

    private string Get(string key, params ReadOnlySpan<object?> arguments)
    {
        var text = Resources.GetString(key, _culture) ?? throw new MissingManifestResourceException($"No text named {key}.");
        return arguments.IsEmpty ? text : string.Format(_culture, text, arguments);
    }
}
