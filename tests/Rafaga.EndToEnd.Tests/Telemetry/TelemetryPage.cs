using Rafaga.Testing;

namespace Rafaga.EndToEnd.Tests.Telemetry;

/// <summary>The tables of docs/telemetry.md.</summary>
internal static class TelemetryPage
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));

    /// <summary>Instrument, name in Prometheus, attributes.</summary>
    public static IReadOnlyList<string[]> Metrics { get; } = Table("## Metrics");

    /// <summary>Span, kind, source, attributes.</summary>
    public static IReadOnlyList<string[]> Spans { get; } = Table("## Spans");

    /// <summary>Tag, and who says it.</summary>
    public static IReadOnlyList<string[]> Tags { get; } = Table("## Log tags");

    /// <summary>A cell that lists names.</summary>
    public static IEnumerable<string> Names(string cell) => cell.Split('`', StringSplitOptions.RemoveEmptyEntries).Where(name => name.Any(char.IsAsciiLetter)).Order(StringComparer.Ordinal);

    private static List<string[]> Table(string heading) =>
    [
        .. Text[Text.IndexOf(heading, StringComparison.Ordinal)..].Split('\n').SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith('|')).Select(line => (string[])[.. line.Split('|').Skip(1).Select(cell => cell.Trim())]),
    ];
}
