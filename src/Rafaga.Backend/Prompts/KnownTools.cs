using Rafaga.Backend.Offline;

namespace Rafaga.Backend.Prompts;

/// <summary>The tools an example may call, with the arguments each takes.</summary>
internal static class KnownTools
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Arguments { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        [Tools.ListEvents] = [],
        [Tools.CreateEvent] = ["name", "date"],
        [Tools.AddMemory] = ["photo", "event", "text", "image_description"],
        [Tools.UpdateMemory] = ["memory", "text", "mode", "image_description", "event", "expected_revision"],
        [Tools.ListMemories] = ["event", "limit"],
        [Tools.SearchMemories] = ["query", "limit"],
    };
}
