using System.Globalization;
using System.Resources;

namespace Rafaga.Telegram.Simulator.Resources;

/// <summary>Why something is not sent, in the language of the person who reads it.</summary>
internal sealed class Texts
{
    private static readonly ResourceManager Resources = new("Rafaga.Telegram.Simulator.Resources.Texts", typeof(Texts).Assembly);

    private readonly CultureInfo _culture;

    private Texts(string language) => _culture = CultureInfo.GetCultureInfo(language);

    /// <summary>The text of a key, with its places filled.</summary>
    public string this[string key, params ReadOnlySpan<object?> values]
    {
        get
        {
            var text = Resources.GetString(key, _culture) ?? throw new MissingManifestResourceException($"No text named {key}.");
            return values.IsEmpty ? text : string.Format(_culture, text, values);
        }
    }

    /// <summary>Spanish for a language tag or a list of tags that starts with it, else English.</summary>
    public static Texts For(string? language) => new(language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? "es" : "en");

    public SendRefusedException Refusal(string key, params ReadOnlySpan<object?> values) => new(this[key, values]);
}
