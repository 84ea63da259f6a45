using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Tests.Offline;

/// <summary>The tools over lists in memory, strict about what they are given; those in <see cref="Failing"/> answer with an error.</summary>
internal sealed class FakeTools
{
    private readonly List<(string Handle, string Name)> _events = [];
    private readonly HashSet<string> _photos = [];

    public FakeTools(JsonObject turn)
    {
        foreach (var known in turn["events"]?.AsArray() ?? []) _events.Add(((string)known!["event"]!, (string)known["name"]!));
        foreach (var photo in turn["batch_photos"]?.AsArray() ?? [])
        {
            if ((bool)photo!["usable"]!) _photos.Add((string)photo["photo"]!);
        }

        foreach (var memory in turn["pending_question"]?["memories"]?.AsArray() ?? []) Memories.Add(new Memory { Handle = (string)memory! });
    }

    public HashSet<string> Failing { get; } = [];

    public List<Memory> Memories { get; } = [];

    public IEnumerable<string> EventNames => _events.Select(known => known.Name);

    public string Answer(FunctionCallContent call)
    {
        if (Failing.Contains(call.Name) || Failing.Contains(call.CallId)) return """{"error":"The store is not available."}""";
        var given = call.Arguments!.ToDictionary(argument => argument.Key, argument => argument.Value?.ToString());
        var answer = call.Name switch
        {
            "list_events" => new JsonObject { ["events"] = new JsonArray([.. _events.Select(known => (JsonNode)new JsonObject { ["event"] = known.Handle, ["name"] = known.Name, ["memories"] = Memories.Count(memory => memory.Event == known.Handle) })]) },
            "create_event" => Create(given["name"]!),
            "add_memory" => Add(given),
            "update_memory" => Update(given),
            "list_memories" => Listed(Memories.Where(memory => given.GetValueOrDefault("event") is not { } only || memory.Event == only)),
            "search_memories" => Listed(Memories.Where(memory => memory.Text?.Contains(given["query"]!, StringComparison.OrdinalIgnoreCase) == true)),
            _ => new JsonObject { ["error"] = "There is no such tool." },
        };
        return answer.ToJsonString();
    }

    private JsonObject Create(string name)
    {
        var known = _events.Find(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase));
        var created = known.Handle is null;
        if (created)
        {
            known = (string.Create(CultureInfo.InvariantCulture, $"E{_events.Count + 1}"), name);
            _events.Add(known);
        }

        return new JsonObject { ["event"] = known.Handle, ["name"] = known.Name, ["created"] = created };
    }

    private JsonObject Add(Dictionary<string, string?> given)
    {
        if (!_photos.Remove(given["photo"]!)) return new JsonObject { ["error"] = "There is no such photo to save." };
        var home = given.GetValueOrDefault("event");
        if (home is not null && !_events.Exists(known => known.Handle == home)) return new JsonObject { ["error"] = "There is no such event." };
        var memory = new Memory { Handle = string.Create(CultureInfo.InvariantCulture, $"M{Memories.Count + 1}"), Photo = given["photo"], Event = home, Text = given.GetValueOrDefault("text") };
        Memories.Add(memory);
        return new JsonObject { ["memory"] = memory.Handle, ["photo"] = memory.Photo, ["event"] = memory.Event };
    }

    private JsonObject Update(Dictionary<string, string?> given)
    {
        if (Memories.Find(memory => memory.Handle == given["memory"]) is not { } memory) return new JsonObject { ["error"] = "There is no such memory." };
        if (given.GetValueOrDefault("text") is { } text) memory.Text = memory.Text is null ? text : $"{memory.Text}\n{text}";
        memory.Event = given.GetValueOrDefault("event") ?? memory.Event;
        return new JsonObject { ["memory"] = memory.Handle, ["revision"] = 2 };
    }

    private JsonObject Listed(IEnumerable<Memory> memories) => new()
    {
        ["memories"] = new JsonArray([.. memories.Select(memory => (JsonNode)new JsonObject
        {
            ["memory"] = memory.Handle,
            ["event"] = _events.Find(known => known.Handle == memory.Event).Name,
            ["text"] = memory.Text,
            ["image_description"] = null,
            ["taken_at"] = memory.TakenAt,
            ["added_at"] = "2026-11-23T10:00:00Z",
        })]),
    };

    internal sealed class Memory
    {
        public required string Handle { get; init; }
        public string? Photo { get; init; }
        public string? Event { get; set; }
        public string? Text { get; set; }
        public string? TakenAt { get; init; }
    }
}
