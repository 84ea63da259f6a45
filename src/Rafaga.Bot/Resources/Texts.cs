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

    public string MenuHelp => Get(nameof(MenuHelp));

    public string MenuDone => Get(nameof(MenuDone));

    public string MenuCancel => Get(nameof(MenuCancel));

    public string MenuUndo => Get(nameof(MenuUndo));

    public string MenuRevoke => Get(nameof(MenuRevoke));

    public string NotNow => Get(nameof(NotNow));

    public string GroupGreeting => Get(nameof(GroupGreeting));

    public string GroupGreetingAll => Get(nameof(GroupGreetingAll));

    /// <summary>Spanish for every kind of Spanish, English for everything else.</summary>
    public static string LanguageOf(string? tag) => tag?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? "es" : "en";

    public string Cleared(int messages) => messages == 1 ? Get("ClearedOne") : Get("ClearedMany", messages);

    private string Get(string key, params ReadOnlySpan<object?> arguments)
    {
        var text = Resources.GetString(key, _culture) ?? throw new MissingManifestResourceException($"No text named {key}.");
        return arguments.IsEmpty ? text : string.Format(_culture, text, arguments);
    }
}
