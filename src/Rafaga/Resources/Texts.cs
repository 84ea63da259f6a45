using System.Globalization;
using System.Resources;

namespace Rafaga.Resources;

/// <summary>What people read in the terminal, in one language.</summary>
internal sealed class Texts(CultureInfo culture)
{
    private static readonly ResourceManager Resources = new("Rafaga.Resources.Texts", typeof(Texts).Assembly);

    public CultureInfo Culture => culture;

    /// <summary>The text of a key, with its places filled.</summary>
    public string this[string key, params object?[] values]
    {
        get
        {
            var text = Resources.GetString(key, culture) ?? throw new InvalidOperationException($"No text for '{key}'.");
            return values.Length == 0 ? text : string.Format(culture, text, values);
        }
    }

    /// <summary>Texts in the language set, or in the locale's: Spanish if that is Spanish, English otherwise.</summary>
    public static Texts For(string language)
    {
        var locale = Environment.GetEnvironmentVariable("LC_ALL") is { Length: > 0 } all ? all : Environment.GetEnvironmentVariable("LANG") ?? "";
        var spanish = language == "es" || (language == "auto" && locale.StartsWith("es", StringComparison.OrdinalIgnoreCase));
        return new Texts(CultureInfo.GetCultureInfo(spanish ? "es" : "en"));
    }
}
