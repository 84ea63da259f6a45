using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary>Follows messages that were sent until every batch that holds one has ended, and collects the replies.</summary>
internal sealed class ReplyWait(ApiClient client, Texts texts, TimeProvider time, bool quiet)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly bool _showProgress = !quiet && !Console.IsErrorRedirected;

    public sealed record Outcome(IReadOnlyList<JsonNode> Batches, IReadOnlyList<JsonNode> Replies, bool TimedOut, TimeSpan Limit);

    public async Task<Outcome> RunAsync(JsonNode person, IReadOnlyList<JsonNode> sent, TimeSpan limit, CancellationToken cancellationToken)
    {
        var chat = (long)person["id"]!;
        var waiting = sent.Select(m => "m" + m.Text("message_id")).ToHashSet(StringComparer.Ordinal);
        Dictionary<string, JsonNode> ended = [];
        var startedAt = time.GetTimestamp();
        while (waiting.Count > 0 && time.GetElapsedTime(startedAt) < limit)
        {
            var batches = (await client.GetAsync($"/api/batches?chat={chat.ToString(CultureInfo.InvariantCulture)}&limit=20", cancellationToken))["batches"]!.AsArray();
            foreach (var batch in batches.OfType<JsonNode>().Where(b => b.Text("state") is "done" or "dead" or "cancelled"))
            {
                var id = batch.Text("id");
                if (ended.ContainsKey(id)) continue;
                var whole = await client.GetAsync($"/api/batches/{id}", cancellationToken);
                var ours = whole["messages"]!.AsArray().Select(m => m!.Text("id")).Where(waiting.Contains).ToList();
                if (ours.Count == 0) continue;
                waiting.ExceptWith(ours);
                ended[id] = batch;
            }

            if (waiting.Count == 0) break;
            ShowProgress(batches);
            await Task.Delay(LookEvery, time, cancellationToken);
        }

        ClearProgress();
        var last = sent.Max(m => (long)m["message_id"]!);
        var after = await client.GetAsync($"/simulator/chats/{Uri.EscapeDataString(person.Text("username"))}/messages?after={last.ToString(CultureInfo.InvariantCulture)}", cancellationToken);
        List<JsonNode> replies = [.. after.AsArray().Where(m => (bool)m!["is_bot"]!).Select(m => m!)];
        return new Outcome([.. ended.Values.OrderBy(b => b.Text("id"), StringComparer.Ordinal)], replies, waiting.Count > 0, limit);
    }

    private void ShowProgress(JsonArray batches)
    {
        if (!_showProgress) return;
        var open = batches.FirstOrDefault(b => b!.Text("state") == "open");
        var line = open is null
            ? texts["WaitingWork"]
            : texts["WaitingWindow", open.Text("message_count"), Math.Max(0, (DateTimeOffset.Parse(open.Text("due_at"), CultureInfo.InvariantCulture) - time.GetUtcNow()).TotalSeconds)];
        Console.Error.Write($"\r\e[2K{line}");
    }

    private void ClearProgress()
    {
        if (_showProgress) Console.Error.Write("\r\e[2K");
    }
}
