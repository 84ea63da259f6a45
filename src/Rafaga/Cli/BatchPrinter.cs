using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary>One batch as text: its facts, a line per message with the time it waited, a line per delivery to the backend.</summary>
internal static class BatchPrinter
{
    public static void Print(JsonNode batch, Texts texts)
    {
        (string Label, string Value)[] facts =
        [
            (texts["ColumnId"], batch.Text("id")),
            (texts["ColumnConversation"], batch.Text("conversation")),
            (texts["ColumnState"], batch.Text("state")),
            (texts["ColumnReason"], batch.Text("close_reason")),
            (texts["ColumnOpened"], batch.LocalTime("opened_at")),
            (texts["ColumnAttempt"], batch.Text("attempt")),
        ];
        foreach (var (label, value) in facts.Where(f => f.Value.Length > 0)) Console.WriteLine($"{label,-14} {value}");
        if (batch.Text("error") is { Length: > 0 } error) Console.WriteLine($"{"",-14} {error}");

        Console.WriteLine();
        var opened = Time(batch, "opened_at");
        foreach (var message in batch["messages"]!.AsArray())
        {
            var offset = (Time(message!, "appended_at") - opened).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  +{offset,5:0.0} s  {message!.Text("id"),-8} {Describe(message!)}"));
        }

        var deliveries = batch["deliveries"]?.AsArray() ?? [];
        if (deliveries.Count > 0) Console.WriteLine();
        foreach (var delivery in deliveries.OfType<JsonNode>()) Console.WriteLine("  " + Describe(delivery, texts));
    }

    private static string Describe(JsonNode delivery, Texts texts)
    {
        var line = texts["Delivery", delivery.Text("number"), delivery.LocalTime("at"), delivery.Text("error") is { Length: > 0 } error ? error : texts["DeliveryTaken"]];
        if (delivery.Text("status") is { Length: > 0 } status) line += $" · HTTP {status}";
        if (delivery.Text("milliseconds") is { Length: > 0 } milliseconds) line += $" · {milliseconds} ms";
        return (int?)delivery["times"] is { } more and > 0 ? $"{line} · {texts["DeliveryTimes", more + 1, delivery.LocalTime("last_at")]}" : line;
    }

    private static readonly string[] Kinds = ["photo", "video", "video_note", "animation", "voice", "audio", "document", "sticker", "venue", "location", "contact", "poll", "dice", "game", "story"];

    private static string Describe(JsonNode message)
    {
        var update = message["body"]?["message"] ?? message["body"]?["edited_message"];
        if (update is null) return "";
        var text = update.Text("text") is { Length: > 0 } plain ? plain : update.Text("caption");
        // An animation comes as a document, too, and a venue as a location.
        var kind = Kinds.FirstOrDefault(name => update[name] is not null);
        return (kind is null ? "" : $"[{kind.Replace('_', ' ')}] ") + text.ReplaceLineEndings(" ");
    }

    private static DateTimeOffset Time(JsonNode node, string name) => DateTimeOffset.Parse(node.Text(name), CultureInfo.InvariantCulture);
}
