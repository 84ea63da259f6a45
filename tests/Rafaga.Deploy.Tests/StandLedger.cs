using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rafaga.Stand;

namespace Rafaga.Deploy.Tests;

/// <summary>What was written and acknowledged, and what became of it: in the database, and in the chats.</summary>
internal sealed class StandLedger(LocalStand stand) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = stand.Simulator, Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _written = new(StringComparer.Ordinal);
    private int _attempted;

    public int Attempted => Volatile.Read(ref _attempted);

    public int Acknowledged => _written.Values.Sum(texts => texts.Count);

    public async Task<string> AddPersonAsync(int number)
    {
        using var response = await _http.PostAsJsonAsync("/simulator/people", new JsonObject { ["first_name"] = $"Persona {number}", ["language_code"] = "es" });
        response.EnsureSuccessStatusCode();
        var name = (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["username"]!;
        _written[name] = new ConcurrentQueue<string>();
        return name;
    }

    /// <summary>Writes as a person, one text after the other.</summary>
    public async Task WriteAsync(string person, int texts, Random random, CancellationToken cancellationToken)
    {
        for (var i = 0; i < texts; i++)
        {
            var text = $"{person} escribe {i:0000}";
            Interlocked.Increment(ref _attempted);
            using (var form = new MultipartFormDataContent { { new StringContent(text), "text" } })
            using (var response = await _http.PostAsync($"/simulator/chats/{person}/messages", form, cancellationToken)) response.EnsureSuccessStatusCode();
            _written[person].Enqueue(text);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 250)), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Compares what was written with the texts that the database has, in its order.</summary>
    public (int Lost, int Doubled, int OutOfOrder) Compare(IReadOnlyList<string> stored)
    {
        var (lost, doubled, outOfOrder) = (0, 0, 0);
        foreach (var (person, written) in _written)
        {
            var theirs = stored.Where(text => text.StartsWith(person + " ", StringComparison.Ordinal)).ToList();
            lost += written.Except(theirs, StringComparer.Ordinal).Count();
            doubled += theirs.Count - theirs.Distinct(StringComparer.Ordinal).Count();
            if (!theirs.Distinct(StringComparer.Ordinal).SequenceEqual(theirs.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))) outOfOrder++;
        }

        return (lost, doubled, outOfOrder);
    }

    /// <summary>Replies that people have in their chats.</summary>
    public async Task<int> RepliesAsync()
    {
        var replies = 0;
        foreach (var person in _written.Keys)
            replies += (await _http.GetFromJsonAsync<JsonArray>($"/simulator/chats/{person}/messages"))!.Count(message => IsReply(message!));
        return replies;
    }

    public static bool IsReply(JsonNode message) => (bool?)message["is_bot"] == true;

    public void Dispose() => _http.Dispose();
}
