using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Rafaga.Cli;

/// <summary>Prints JSON and tables.</summary>
internal static class Output
{
    private const int PipeWidth = 1000;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Json(JsonNode node) => Console.Out.WriteLine(node.ToJsonString(Readable));

    public static void Table(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        var table = new Table().Border(TableBorder.Minimal);
        foreach (var column in columns) table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        table.Columns[^1].NoWrap = false;
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell)).ToArray());
        // A pipe has no width: nothing there needs cutting.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = PipeWidth;
        AnsiConsole.Write(table);
    }

    /// <summary>The value as text; empty when there is none.</summary>
    public static string Text(this JsonNode node, string name) => node[name]?.ToString() ?? "";

    /// <summary>A UTC time of the API in the local zone, to the second.</summary>
    public static string LocalTime(this JsonNode node, string name) =>
        DateTimeOffset.TryParse(node.Text(name), CultureInfo.InvariantCulture, out var time)
            ? time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : "";
}
