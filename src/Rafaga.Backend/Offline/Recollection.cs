using System.Globalization;
using Rafaga.Backend.Agent;

namespace Rafaga.Backend.Offline;

/// <summary>Tells events and memories as a list that a person can read.</summary>
internal sealed class Recollection(Reading reading, OfflineTexts texts)
{
    private const int MaxLine = 160;

    public IEnumerable<string> Tell(ToolCall call, string? about)
    {
        if (!reading.Worked(call)) return [texts[Text.LookupFailed]];
        return call.Tool == ToolDeclarations.ListEvents ? Events(call) : Memories(call, about);
    }

    private IEnumerable<string> Events(ToolCall call)
    {
        var events = (reading.Answer(call, OfflineJson.Default.EventList)?.Events ?? []).OfType<TurnEvent>().ToList();
        if (events.Count == 0) return [texts[Text.NoEvents]];
        return
        [
            texts[Text.YourEvents],
            .. events.Select(known => known.Memories switch
            {
                0 => texts[Text.EventLineNone, known.Name],
                1 => texts[Text.EventLineOne, known.Name],
                _ => texts[Text.EventLineMany, known.Name, known.Memories],
            }),
        ];
    }

    private List<string> Memories(ToolCall call, string? about)
    {
        var memories = (reading.Answer(call, OfflineJson.Default.MemoryList)?.Memories ?? []).OfType<RecalledMemory>().ToList();
        if (memories.Count == 0) return [about is null ? texts[Text.NoMemories] : texts[Text.NothingAbout, texts.Quote(about)]];

        var lines = new List<string> { about is null ? texts[Text.LatestMemories] : texts[Text.MemoriesAbout, texts.Quote(about)] };
        // Photos that share their story are one line.
        lines.AddRange(memories
            .GroupBy(memory => (memory.Event, Day: Day(memory), Told: Told(memory), memory.Kind))
            .Select(group => Line(group.Key.Event, group.Key.Day, group.Key.Told, group.Key.Kind, group.Count())));
        if (call.Arguments.TryGetValue("limit", out var limit) && limit is int most && memories.Count >= most)
            lines.Add(texts[call.Tool == ToolDeclarations.SearchMemories ? Text.OnlyBest : Text.OnlyLatest, memories.Count]);
        return lines;
    }

    private string Line(string? name, DateOnly? day, string? told, string? kind, int count)
    {
        var head = name ?? texts[Text.NoEventName];
        if (day is { } taken) head += $", {texts.Day(taken)}";
        if (kind is not null)
        {
            head = texts[Text.ItemCount, head, texts.Items(Enumerable.Repeat(kind, count))];
            return told is null ? texts[Text.MemoryHead, head] : texts[Text.MemoryLine, head, told];
        }

        if (count > 1) head = texts[Text.PhotoCount, head, count];
        return texts[Text.MemoryLine, head, told ?? texts[Text.NoText]];
    }

    private static string? Told(RecalledMemory memory)
    {
        var told = string.Join(" · ", (memory.Text ?? memory.ImageDescription ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (told.Length == 0) return null;
        if (told.Length <= MaxLine) return told;
        var end = told.LastIndexOf(' ', MaxLine);
        if (end < MaxLine / 2) end = char.IsHighSurrogate(told[MaxLine - 1]) ? MaxLine - 1 : MaxLine;
        return $"{told[..end]}…";
    }

    private static DateOnly? Day(RecalledMemory memory) =>
        DateTime.TryParse(memory.TakenAt, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var taken) ? DateOnly.FromDateTime(taken) : null;
}
