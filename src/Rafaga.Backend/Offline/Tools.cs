namespace Rafaga.Backend.Offline;

/// <summary>The tools' names, as they are on the wire.</summary>
internal static class Tools
{
    public const string ListEvents = "list_events";
    public const string CreateEvent = "create_event";
    public const string AddMemory = "add_memory";
    public const string UpdateMemory = "update_memory";
    public const string ListMemories = "list_memories";
    public const string SearchMemories = "search_memories";
}
