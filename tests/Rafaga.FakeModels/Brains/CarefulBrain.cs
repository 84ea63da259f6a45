using System.Text.Json;

namespace Rafaga.FakeModels.Brains;

/// <summary>A model that does what the instructions ask, as a good one would: events first, every photo, one question, and the answer into the memories.</summary>
public static class CarefulBrain
{
    public static ModelAnswer Answer(ModelRequest request)
    {
        if (request.Turn is not { } turn) return request.Images > 0 ? Describe(request) : new ModelAnswer("pong");
        var spanish = Text(turn, "language") == "es";
        var texts = Items(turn, "messages").Select(message => Text(message, "text") ?? Text(message, "caption")).OfType<string>().ToList();
        var photos = Items(turn, "batch_photos").Where(photo => photo.GetProperty("usable").GetBoolean()).ToList();
        return request.Round == 0 && request.ToolsAllowed ? Act(turn, texts, photos) is { Count: > 0 } calls ? new ModelAnswer(null, calls) { Thinking = Plan(calls) } : Reply(request, spanish)
            : request.Round == 1 && request.ToolsAllowed && Save(request, turn, texts, photos) is { Count: > 0 } saves ? new ModelAnswer(null, saves) { Thinking = Plan(saves) }
            : Reply(request, spanish);
    }

    private static ModelAnswer Describe(ModelRequest request)
    {
        var spanish = request.UserTexts.Any(text => text.Contains("\"es\"", StringComparison.Ordinal));
        return new ModelAnswer(JsonSerializer.Serialize(new
        {
            description = spanish ? "Una mesa con una tarta." : "A table with a cake.",
            objects = new[] { spanish ? "tarta" : "cake" },
            visible_text = "",
            people = 0,
            scene = "indoors",
        }));
    }

    // First what other calls need: a new event. Without one, everything at once.
    private static List<AskedTool> Act(JsonElement turn, List<string> texts, List<JsonElement> photos)
    {
        if (NewEvent(texts) is { } name) return [Call("create_event", new { name })];
        if (photos.Count > 0) return Photos(photos, Text(turn, "current_event"), texts);
        return texts.Count > 0 && turn.TryGetProperty("pending_question", out var question) && question.ValueKind == JsonValueKind.Object
            ? [.. Items(question, "memories").Select(memory => Call("update_memory", new { memory = memory.GetString(), text = string.Join(' ', texts), mode = "append" }))]
            : [];
    }

    private static List<AskedTool> Save(ModelRequest request, JsonElement turn, List<string> texts, List<JsonElement> photos) =>
        NewEvent(texts) is not null && photos.Count > 0 && request.Results is [{ IsError: false } made]
            ? Photos(photos, JsonDocument.Parse(made.Text).RootElement.GetProperty("event").GetString() ?? Text(turn, "current_event"), [])
            : [];

    private static List<AskedTool> Photos(List<JsonElement> photos, string? target, List<string> texts)
    {
        var told = texts.Where(text => text.Length > 20).ToList();
        return [.. photos.Select(photo => Call("add_memory", target is null || told.Count == 0 ? Plain(photo, target) : new { photo = Text(photo, "photo"), @event = target, text = told[0] }))];
    }

    private static object Plain(JsonElement photo, string? target) => target is null ? new { photo = Text(photo, "photo") } : new { photo = Text(photo, "photo"), @event = target };

    private static string? NewEvent(List<string> texts) => texts
        .Select(text => text.IndexOf("llamado ", StringComparison.OrdinalIgnoreCase) is var at and >= 0 ? text[(at + 8)..].Trim() : null)
        .FirstOrDefault(name => name is not null);

    private static ModelAnswer Reply(ModelRequest request, bool spanish)
    {
        var saved = request.Results.Count(result => !result.IsError && result.Text.Contains("\"photo\"", StringComparison.Ordinal));
        var updated = request.Results.Count(result => !result.IsError && result.Text.Contains("\"revision\"", StringComparison.Ordinal));
        return new ModelAnswer((saved, updated) switch
        {
            ( > 0, _) => spanish ? $"Guardé {saved} fotos. ¿Qué me cuentas de ellas?" : $"I saved {saved} photos. What can you tell me about them?",
            (_, > 0) => spanish ? $"Lo he añadido a {updated} recuerdos." : $"I added it to {updated} memories.",
            _ => spanish ? "Aquí estoy." : "Here I am.",
        });
    }

    private static string Plan(List<AskedTool> calls) => $"I will call {string.Join(", ", calls.Select(call => call.Name))}.";

    private static AskedTool Call(string name, object arguments) => new(name, JsonSerializer.Serialize(arguments));

    private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<JsonElement> Items(JsonElement owner, string name) => owner.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];
}
