using System.Text.Json.Nodes;

namespace Rafaga.Cli;

/// <summary>What the bot sent, as text: words, what came with them, and the buttons.</summary>
internal static class ReplyPrinter
{
    public static void Print(JsonNode reply)
    {
        var words = reply.Text("text") is { Length: > 0 } text ? text : reply.Text("caption");
        var file = reply.Text("file_name") is { Length: > 0 } name ? $"[{name}] " : reply.Text("photo_url").Length > 0 ? "[photo] " : "";
        Console.WriteLine(file + words);
        foreach (var row in reply["buttons"]?.AsArray() ?? []) Console.WriteLine(string.Join(' ', row!.AsArray().Select(button => $"[ {button!.Text("text")} ]")));
    }
}
