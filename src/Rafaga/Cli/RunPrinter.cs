using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary>What the models did for a batch as text: a head per run, then a line per tool call.</summary>
internal static class RunPrinter
{
    private const int ArgumentsWidth = 100;

    public static void Print(JsonArray runs, Texts texts)
    {
        foreach (var run in runs.OfType<JsonNode>())
        {
            Console.WriteLine();
            var done = texts[run.Text("purpose") switch { "summary" => "RunSummary", "photos" => "RunPhotos", _ => "RunAgent" }];
            Console.WriteLine(texts["Run", done, run.Text("model"), run.Text("provider"), Number(run, "milliseconds") / 1000, run.Text("rounds"), run["calls"]!.AsArray().Count]);
            if (Number(run, "input_tokens") + Number(run, "output_tokens") > 0)
                Console.WriteLine("  " + texts["RunTokens", run.Text("input_tokens"), run.Text("cached_tokens"), run.Text("output_tokens"), Number(run, "cost_usd").ToString("0.000000", CultureInfo.InvariantCulture)]);
            if (run.Text("stopped_by") is { Length: > 0 } stop) Console.WriteLine("  " + texts["RunStopped", stop]);
            if (run.Text("failure") is { Length: > 0 } failure) Console.WriteLine("  " + texts["RunFailed", failure]);
            foreach (var call in run["calls"]!.AsArray()) Console.WriteLine($"  {call!.Text("round")}  {call!.Text("tool"),-16} {Cut(call!.Text("arguments"))} {(((bool?)call!["failed"]) == true ? "✗" : "→")} {Cut(call!.Text("result"))}");
        }
    }

    private static double Number(JsonNode node, string name) => (double?)node[name] ?? 0;

    private static string Cut(string text) => text.Length <= ArgumentsWidth ? text : text[..ArgumentsWidth] + "…";
}
