using System.Globalization;
using System.Text.Json.Nodes;

namespace Rafaga.Backend.Tests.Offline;

/// <summary>Writes a turn's JSON as the backend does.</summary>
internal sealed class TurnBuilder(string? language = "es")
{
    private readonly JsonArray _messages = [];
    private readonly JsonArray _photos = [];
    private readonly JsonArray _events = [];
    private readonly JsonArray _history = [];
    private JsonObject? _question;
    private string? _current;

    public TurnBuilder Text(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts) _messages.Add(new JsonObject { ["id"] = NextId, ["kind"] = "text", ["text"] = text });
        return this;
    }

    public TurnBuilder Photo(string? caption = null, string? album = null, string? takenAt = null, int width = 1280, int height = 960)
    {
        var handle = Message(caption, album);
        _photos.Add(new JsonObject { ["photo"] = handle, ["usable"] = true, ["width"] = width, ["height"] = height, ["bytes"] = 120345, ["taken_at"] = takenAt, ["description"] = null });
        return this;
    }

    public TurnBuilder Photos(int count)
    {
        for (var i = 0; i < count; i++) Photo();
        return this;
    }

    public TurnBuilder BadPhoto(string problem)
    {
        var handle = Message(null, null);
        _photos.Add(new JsonObject { ["photo"] = handle, ["usable"] = false, ["problem"] = problem });
        return this;
    }

    public TurnBuilder Event(string name, int memories = 0)
    {
        _events.Add(new JsonObject { ["event"] = Numbered('E', _events.Count + 1), ["name"] = name, ["memories"] = memories });
        return this;
    }

    public TurnBuilder Current(string handle)
    {
        _current = handle;
        return this;
    }

    public TurnBuilder Asked(string question, int memories)
    {
        _question = new JsonObject { ["text"] = question, ["memories"] = new JsonArray([.. Enumerable.Range(1, memories).Select(i => (JsonNode)Numbered('M', i))]) };
        return this;
    }

    public TurnBuilder Heard(string assistant)
    {
        _history.Add(new JsonObject { ["role"] = "assistant", ["text"] = assistant });
        return this;
    }

    public JsonObject Build() => new()
    {
        ["is_batch"] = _messages.Count > 1,
        ["language"] = language,
        ["person"] = new JsonObject { ["name"] = "Ana" },
        ["now"] = "2026-11-23T10:00:00Z",
        ["messages"] = _messages.DeepClone(),
        ["batch_photos"] = _photos.DeepClone(),
        ["pending_question"] = _question?.DeepClone(),
        ["events"] = _events.DeepClone(),
        ["current_event"] = _current,
        ["history"] = _history.DeepClone(),
    };

    private string NextId => Numbered('m', 41 + _messages.Count);

    private string Message(string? caption, string? album)
    {
        var handle = Numbered('P', _photos.Count + 1);
        _messages.Add(new JsonObject { ["id"] = NextId, ["kind"] = "photo", ["photo"] = handle, ["caption"] = caption, ["album"] = album });
        return handle;
    }

    private static string Numbered(char letter, int number) => string.Create(CultureInfo.InvariantCulture, $"{letter}{number}");
}
