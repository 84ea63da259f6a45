using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary>Follows messages that were sent until every batch that holds one has ended, and collects the replies.</summary>
internal sealed class ReplyWait(ApiClient client, Texts texts, TimeProvider time, bool quiet)
{
    private const int StillLooks = 3;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly bool _showProgress = !quiet && !Console.IsErrorRedirected;

    /// <param name="Batches">Those that ended.</param>
    /// <param name="Replies">What the bot sent.</param>
    /// <param name="TimedOut">Nothing came within the limit.</param>
    /// <param name="Limit">How long was waited at most.</param>
    public sealed record Outcome(IReadOnlyList<JsonNode> Batches, IReadOnlyList<JsonNode> Replies, bool TimedOut, TimeSpan Limit)
    {
        /// <summary>What the bot said in passing.</summary>
        public string? Notice { get; init; }
    }

    /// <summary>Messages that were written. A command joins no batch: its answer is its end.</summary>
    public Task<Outcome> RunAsync(JsonNode person, IReadOnlyList<JsonNode> sent, TimeSpan limit, CancellationToken cancellationToken)
    {
        var last = sent.Max(m => (long)m["message_id"]!);
        var messages = sent.Where(m => !m.Text("text").StartsWith('/')).Select(m => "m" + m.Text("message_id")).ToHashSet(StringComparer.Ordinal);
        return messages.Count == 0 ? AloneAsync(person, last, limit, cancellationToken) : BatchedAsync(person, messages, last, limit, cancellationToken);
    }

    /// <summary>A button that was pressed. One that is no choice may be answered in passing only.</summary>
    public async Task<Outcome> RunAsync(JsonNode person, ButtonPress press, ButtonPress.Pressed pressed, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (pressed.IsChoice) return await BatchedAsync(person, ["q" + pressed.QueryId], pressed.LastMessage, limit, cancellationToken);
        var startedAt = time.GetTimestamp();
        string? notice;
        while ((notice = await press.AnswerAsync(pressed, cancellationToken)) is null && time.GetElapsedTime(startedAt) < limit) await Task.Delay(LookEvery, time, cancellationToken);
        var outcome = notice?.Length > 0
            ? new Outcome([], await RepliesAsync(person, pressed.LastMessage, cancellationToken), TimedOut: false, limit)
            : await AloneAsync(person, pressed.LastMessage, notice is null ? TimeSpan.Zero : limit - time.GetElapsedTime(startedAt), cancellationToken);
        return outcome with { Notice = notice, TimedOut = notice is null };
    }

    private async Task<Outcome> BatchedAsync(JsonNode person, HashSet<string> waiting, long last, TimeSpan limit, CancellationToken cancellationToken)
    {
        var chat = (long)person["id"]!;
        Dictionary<string, JsonNode> ended = [];
        var startedAt = time.GetTimestamp();
        while (waiting.Count > 0 && time.GetElapsedTime(startedAt) < limit)
        {
            if (await BatchesAsync(chat, cancellationToken) is not { } batches) return await AloneAsync(person, last, limit, cancellationToken);
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
        var replies = await RepliesAsync(person, last, cancellationToken);
        return new Outcome([.. ended.Values.OrderBy(b => b.Text("id"), StringComparer.Ordinal)], replies, waiting.Count > 0, limit);
    }

    // Without a batch, the first reply is the end, with what follows it at once: pictures, files.
    private async Task<Outcome> AloneAsync(JsonNode person, long last, TimeSpan limit, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        List<JsonNode> replies;
        while ((replies = await RepliesAsync(person, last, cancellationToken)).Count == 0 && time.GetElapsedTime(startedAt) < limit)
            await Task.Delay(LookEvery, time, cancellationToken);
        for (var still = 0; replies.Count > 0 && still < StillLooks; still++)
        {
            await Task.Delay(LookEvery, time, cancellationToken);
            var more = await RepliesAsync(person, last, cancellationToken);
            if (more.Count > replies.Count) (replies, still) = (more, -1);
        }

        return new Outcome([], replies, replies.Count == 0, limit);
    }

    // None where there is no queue.
    private async Task<JsonArray?> BatchesAsync(long chat, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetAsync($"/api/batches?chat={chat.ToString(CultureInfo.InvariantCulture)}&limit=20", cancellationToken))["batches"]!.AsArray();
        }
        catch (ApiException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private async Task<List<JsonNode>> RepliesAsync(JsonNode person, long last, CancellationToken cancellationToken)
    {
        var after = await client.GetAsync($"/simulator/chats/{Uri.EscapeDataString(person.Text("username"))}/messages?after={last.ToString(CultureInfo.InvariantCulture)}", cancellationToken);
        return [.. after.AsArray().Where(m => (bool)m!["is_bot"]!).Select(m => m!)];
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
