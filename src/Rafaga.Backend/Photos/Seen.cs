using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rafaga.Backend.Photos;

/// <summary>What a model saw in a picture. It is a stranger's picture and a model's word: data, never more.</summary>
/// <param name="Description">One or two sentences.</param>
/// <param name="Objects">What is in it.</param>
/// <param name="VisibleText">What can be read in it; null when nothing can.</param>
/// <param name="People">How many are in it; null when that cannot be told.</param>
/// <param name="Scene">One of <see cref="Scenes"/>.</param>
internal sealed record Seen(string Description, IReadOnlyList<string> Objects, string? VisibleText, int? People, string Scene)
{
    public static readonly string[] Scenes = ["indoors", "outdoors", "food", "portrait", "group", "animal", "document", "screenshot", "other"];

    private const int MaxDescription = 600;
    private const int MaxObjects = 12;
    private const int MaxObject = 60;
    private const int MaxVisibleText = 500;
    private const int MaxPeople = 1000;

    /// <summary>
    /// The form that the vendor is asked to keep to; without types of two kinds, which not every vendor takes: nothing to read is "", a number that nobody knows -1.
    /// Vendors strip limits from schemas and small servers ignore them: <see cref="Parse"/> checks.
    /// </summary>
    public static JsonElement Schema { get; } = JsonElement.Parse($$$"""
        {"type":"object","properties":{
          "description":{"type":"string"},
          "objects":{"type":"array","items":{"type":"string"}},
          "visible_text":{"type":"string"},
          "people":{"type":"integer"},
          "scene":{"type":"string","enum":["{{{string.Join("\",\"", Scenes)}}}"]}},
         "required":["description","objects","visible_text","people","scene"],"additionalProperties":false}
        """);

    /// <summary>Reads and bounds a model's answer; null when it does not describe anything.</summary>
    public static Seen? Parse(string text)
    {
        // Servers that know no schemas let their models talk around it.
        var (start, end) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        if (start < 0 || end < start) return null;
        try
        {
            var raw = JsonSerializer.Deserialize(text.AsSpan(start, end - start + 1), SeenJson.Default.RawSeen);
            if (PlainText.Clean(raw?.Description, MaxDescription) is not { } description) return null;
            return new Seen(
                description,
                [.. (raw!.Objects ?? []).Select(thing => PlainText.Clean(thing, MaxObject)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxObjects)],
                PlainText.Clean(raw.VisibleText, MaxVisibleText),
                raw.People is >= 0 and <= MaxPeople ? raw.People : null,
                Scenes.Contains(raw.Scene, StringComparer.Ordinal) ? raw.Scene! : "other");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(new RawSeen(Description, [.. Objects], VisibleText, People, Scene), SeenJson.Default.RawSeen);

    /// <summary>As a memory keeps it, where words of the picture can be searched for.</summary>
    public string ToText() => VisibleText is null ? Description : $"{Description}\n«{VisibleText}»";
}

/// <summary>As a model writes it.</summary>
internal sealed record RawSeen(string? Description, IReadOnlyList<string?>? Objects, string? VisibleText, int? People, string? Scene);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RawSeen))]
[JsonSerializable(typeof(LookTask))]
internal sealed partial class SeenJson : JsonSerializerContext;

/// <summary>What a model is told beside the picture.</summary>
internal sealed record LookTask(string Language);
