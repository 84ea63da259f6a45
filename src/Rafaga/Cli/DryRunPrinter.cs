using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary>What a batch would do as text: the reply, what would be written, what the models did, what it cost.</summary>
internal static class DryRunPrinter
{
    public static void Print(JsonNode run, Texts texts)
    {
        Console.WriteLine(run.Text("reply") is { Length: > 0 } reply ? reply : texts["DryRunSilent"]);
        Console.WriteLine();
        Console.WriteLine(texts["DryRunWrites"]);
        foreach (var change in run["changes"]!.AsArray().OfType<JsonNode>())
        {
            Console.WriteLine($"  {Sign(change)} {Parts(change)}");
            foreach (var field in change["fields"]!.AsArray().OfType<JsonNode>()) Console.WriteLine($"      {field.Text("field")}: {(field["old"] is null ? "" : OneLine(field.Text("old")) + " → ")}{OneLine(field.Text("new"))}");
        }

        RunPrinter.Print(run["runs"]!.AsArray(), texts);
        Console.WriteLine();
        var cost = (decimal)run["total"]!["cost_usd"]!;
        Console.WriteLine(texts["DryRunNothing"] + (cost > 0 ? " " + texts["DryRunPaid", cost.ToString("0.000000", CultureInfo.InvariantCulture)] : ""));
    }

    private static string Sign(JsonNode change) => change.Text("change") == "added" ? "+" : "~";

    private static string Parts(JsonNode change)
    {
        var count = (int)change["count"]! > 1 ? $"× {change.Text("count")}" : "";
        return string.Join(' ', new[] { change.Text("row"), count, OneLine(change.Text("name")), change.Text("id") }.Where(part => part.Length > 0));
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
