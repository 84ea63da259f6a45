using System.Globalization;
using System.Reflection;

namespace Rafaga.Settings;

/// <summary>Where a setting is from; the later ones win.</summary>
internal enum SettingSource
{
    /// <summary>Nobody set it.</summary>
    Default,

    /// <summary><c>appsettings.json</c> in the current folder.</summary>
    AppSettings,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>A file that an environment variable names.</summary>
    File,

    /// <summary>The command line.</summary>
    CommandLine,
}

/// <summary>A setting as it is in force.</summary>
/// <param name="Name">Environment form.</param>
/// <param name="Value">Masked if it is a secret; null when it is not set and has no default.</param>
/// <param name="Source">Where it is from.</param>
internal sealed record EffectiveSetting(string Name, string? Value, SettingSource Source)
{
    private const string Mask = "***";

    /// <summary>All settings, in the order in which they are declared.</summary>
    /// <param name="settings">What is in force.</param>
    /// <param name="configuration">What it was read from.</param>
    /// <param name="sources">What each provider of the configuration stands for; one that is not named is the environment.</param>
    public static IReadOnlyList<EffectiveSetting> All(RafagaSettings settings, IConfigurationRoot configuration, IReadOnlyList<SettingSource> sources) =>
    [
        .. from section in typeof(RafagaSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance)
           from setting in section.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           let key = $"{section.Name}:{setting.Name}"
           select new EffectiveSetting(SettingNames.FromKey($"{RafagaSettings.Section}:{key}"), Shown(key, setting.GetValue(section.GetValue(settings))), From($"{RafagaSettings.Section}:{key}", configuration, sources)),
    ];

    private static SettingSource From(string key, IConfigurationRoot configuration, IReadOnlyList<SettingSource> sources)
    {
        var from = configuration.Providers.Index().Where(provider => provider.Item.TryGet(key, out var value) && value is not null).Select(provider => provider.Index).DefaultIfEmpty(-1).Last();
        return from < 0 ? SettingSource.Default : from < sources.Count ? sources[from] : SettingSource.Environment;
    }

    private static string? Shown(string key, object? value) => value switch
    {
        null => null,
        string address when SettingsLoader.IsSecret(key) => key.EndsWith(":Url", StringComparison.Ordinal) ? WithoutPassword(address) : Mask,
        Uri uri => WithoutPassword(uri.OriginalString),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    // Of an address, where it leads may be seen. A password that is not written as addresses want it could stand anywhere.
    private static string WithoutPassword(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0) return address.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) ? address : Mask;
        if (address.Count(letter => letter == '@') > 1) return Mask;
        var place = $"{uri.Scheme}{Uri.SchemeDelimiter}{(uri.UserInfo.Length > 0 ? Mask + "@" : "")}{uri.Authority}{uri.AbsolutePath}";
        return uri.Query.Length > 0 ? $"{place}?{Mask}" : place;
    }
}
