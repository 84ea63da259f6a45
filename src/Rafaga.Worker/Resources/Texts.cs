using System.Globalization;
using System.Resources;

namespace Rafaga.Worker.Resources;

/// <summary>What the worker itself says to a person, in the person's language.</summary>
internal sealed class Texts(string language)
{
    private static readonly ResourceManager Resources = new("Rafaga.Worker.Resources.Texts", typeof(Texts).Assembly);

    private readonly CultureInfo _culture = CultureInfo.GetCultureInfo(language);

    /// <summary>Said once when a batch is given up.</summary>
    public string Apology => Get(nameof(Apology));

    /// <summary>Said without a sound when a reply takes long, and taken away when it is there.</summary>
    public string Notice => Get(nameof(Notice));

    /// <summary>Said once when a batch has waited for long.</summary>
    public string Busy => Get(nameof(Busy));

    /// <summary>Spanish for every kind of Spanish, English for everything else.</summary>
    public static string LanguageOf(string? tag) => tag?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? "es" : "en";

    private string Get(string key) => Resources.GetString(key, _culture) ?? throw new MissingManifestResourceException($"No text named {key}.");
}
