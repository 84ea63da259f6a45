using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Agent;

/// <summary>The tools as the model sees them. Vendors strip limits from schemas, so <see cref="ToolArguments"/> checks everything again.</summary>
internal static class ToolDeclarations
{
    public const string ListEvents = "list_events";
    public const string CreateEvent = "create_event";
    public const string AddMemory = "add_memory";
    public const string UpdateMemory = "update_memory";
    public const string ListMemories = "list_memories";
    public const string SearchMemories = "search_memories";
    public const string ShareEvent = "share_event";

    public static IReadOnlyList<AITool> All { get; } =
    [
        Declare(ListEvents, "Lists the person's events.", """{"type":"object","properties":{},"required":[],"additionalProperties":false}"""),
        Declare(CreateEvent, "Creates an event that memories can belong to. An event of that name that exists already is returned.", """
            {"type":"object","properties":{
              "name":{"type":"string","description":"Short name in the person's words."},
              "date":{"type":"string","description":"Day of the event, yyyy-MM-dd, only if it is known."}},
             "required":["name"],"additionalProperties":false}
            """),
        Declare(AddMemory, "Saves one photo, video, recording or document of this batch as a memory. Call it once for each that is usable.", """
            {"type":"object","properties":{
              "photo":{"type":"string","description":"Handle of the photo or other file, such as P1."},
              "event":{"type":"string","description":"Handle of the event, such as E1; leave out when it is not known."},
              "text":{"type":"string","description":"What the person tells about it."},
              "image_description":{"type":"string","description":"What can be seen in it."}},
             "required":["photo"],"additionalProperties":false}
            """),
        Declare(UpdateMemory, "Changes a memory of the person. What was there is kept in its history.", """
            {"type":"object","properties":{
              "memory":{"type":"string","description":"Handle of the memory, such as M1."},
              "text":{"type":"string","description":"What the person tells about it."},
              "mode":{"type":"string","enum":["append","replace"],"description":"What to do with the text that is there; append if left out."},
              "image_description":{"type":"string","description":"What can be seen in it."},
              "event":{"type":"string","description":"Handle of the event to move it to."},
              "expected_revision":{"type":"integer","description":"Refuse if the memory has another revision by now."}},
             "required":["memory"],"additionalProperties":false}
            """),
        Declare(ListMemories, "Lists memories, the newest first.", """
            {"type":"object","properties":{
              "event":{"type":"string","description":"Handle of an event, such as E1; all if left out."},
              "limit":{"type":"integer","description":"How many, 1 to 50; 20 if left out."}},
             "required":[],"additionalProperties":false}
            """),
        Declare(SearchMemories, "Finds memories by words in their text, description or event name, the best match first.", """
            {"type":"object","properties":{
              "query":{"type":"string","description":"Words to look for."},
              "limit":{"type":"integer","description":"How many, 1 to 50; 20 if left out."}},
             "required":["query"],"additionalProperties":false}
            """),
        Declare(ShareEvent, "Makes an invitation to an event of the person. Tell the person its code: whoever sends /start and the code to this bot joins.", """
            {"type":"object","properties":{
              "event":{"type":"string","description":"Handle of the event, such as E1."},
              "role":{"type":"string","enum":["editor","viewer"],"description":"editor adds photos of their own, viewer only looks; editor if left out."}},
             "required":["event"],"additionalProperties":false}
            """),
    ];

    private static AIFunctionDeclaration Declare(string name, string description, string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return AIFunctionFactory.CreateDeclaration(name, description, document.RootElement.Clone(), null);
    }
}
