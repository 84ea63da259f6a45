using System.Reflection;

namespace Rafaga.Settings;

/// <summary>The names of all settings, and the nearest one to a name that is none.</summary>
internal static class SettingNames
{
    public const string Prefix = "RAFAGA__";

    /// <summary>All names in environment form.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. from section in typeof(RafagaSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance)
           from setting in section.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           select Prefix + section.Name.ToUpperInvariant() + "__" + setting.Name.ToUpperInvariant(),
    ];

    /// <summary>One line for each name with the product's prefix that is no setting.</summary>
    public static IEnumerable<string> Faults(IEnumerable<string> names) =>
        from name in names
        where name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !All.Contains(name, StringComparer.OrdinalIgnoreCase)
        select $"Unknown setting {name}. Did you mean {Nearest(name)}?";

    /// <summary>The environment form of a configuration key such as <c>Rafaga:Window:QuietSeconds</c>.</summary>
    public static string FromKey(string key) => key.ToUpperInvariant().Replace(":", "__", StringComparison.Ordinal);

    private static string Nearest(string name) => All.MinBy(known => Distance(known, name.ToUpperInvariant()))!;

    // Levenshtein distance in two rows.
    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
