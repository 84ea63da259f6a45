using System.Text.Json;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Agent;

namespace Rafaga.Backend.Prompts;

/// <summary>Holds an example to the rules that it teaches: a model copies what it is shown, mistakes included.</summary>
internal static class ExampleCheck
{
    private static IEnumerable<AIFunctionDeclaration> Tools => ToolDeclarations.All.OfType<AIFunctionDeclaration>();

    // What a message of each kind must have.
    private static readonly Dictionary<string, string> Holds = new(StringComparer.Ordinal)
    {
        ["text"] = "text",
        ["photo"] = "photo",
        ["video"] = "photo",
        ["voice"] = "photo",
        ["audio"] = "photo",
        ["document"] = "photo",
        ["location"] = "place",
        ["edit"] = "was",
    };

    /// <summary>What is wrong with it and how to mend it; null when all is well.</summary>
    public static string? Fault(PackExample example)
    {
        if (string.IsNullOrWhiteSpace(example.Name)) return "has no \"name\"; say in a few words what it shows.";
        if (Messages(example.Turn) is { } fault) return fault;
        if (Calls(example) is { } callFault) return callFault;
        if (string.IsNullOrWhiteSpace(example.Reply)) return "has no \"reply\"; write the answer that the person gets.";
        return example.Reply.Count(c => c == '?') > 1 ? "asks more than one question in \"reply\"; leave one." : null;
    }

    private static string? Messages(JsonElement turn)
    {
        var messages = Items(turn, "messages");
        if (messages.Count == 0) return "has no \"turn.messages\"; give the messages of the turn.";
        for (var i = 0; i < messages.Count; i++)
        {
            if (Text(messages[i], "id") is null) return $"turn.messages[{i}] has no \"id\"; give one such as m{i + 1}.";
            var kind = Text(messages[i], "kind");
            if (kind is null || !Holds.TryGetValue(kind, out var holds)) return $"turn.messages[{i}] has no \"kind\" that there is; use \"{string.Join("\", \"", Holds.Keys)}\".";
            if (Text(messages[i], holds) is null) return $"turn.messages[{i}] has no \"{holds}\"; give it.";
        }

        var photos = Items(turn, "batch_photos").Select(photo => Text(photo, "photo")).ToHashSet();
        var missing = messages.Select(message => Text(message, "photo")).FirstOrDefault(photo => photo is not null && !photos.Contains(photo));
        return missing is null ? null : $"sends {missing}, which is not in \"turn.batch_photos\"; list it there.";
    }

    private static string? Calls(PackExample example)
    {
        if (example.Calls is not { } calls) return "has no \"calls\"; list the tool calls, or [] for none.";
        var waiting = Items(example.Turn, "batch_photos").Where(IsUsable).Select(photo => Text(photo, "photo")).ToList();
        var events = Items(example.Turn, "events").Select(one => Text(one, "event")).ToHashSet();
        var known = example.Turn.TryGetProperty("pending_question", out var question) ? Items(question, "memories").Select(memory => memory.ToString()).ToHashSet() : [];
        known.UnionWith(Items(example.Turn, "messages").Select(message => Text(message, "about")).OfType<string>());
        foreach (var call in calls)
        {
            if (Shape(call) is { } fault) return fault;
            if (call.Result is { } result)
            {
                events.Add(Text(result, "event"));
                known.UnionWith(Items(result, "memories").Select(memory => Text(memory, "memory")).OfType<string>());
            }

            if (Text(call.Arguments, "event") is { } named && !events.Contains(named)) return $"calls {call.Tool} with {named}, which is no event of the turn; use one of its events or create it first.";
            if (call.Tool == ToolDeclarations.UpdateMemory && !known.Contains(Text(call.Arguments, "memory") ?? "")) return "updates a memory that the pending question does not name; use one of \"turn.pending_question.memories\", one that a message is about or one that was found.";
            if (call.Tool == ToolDeclarations.AddMemory && !waiting.Remove(Text(call.Arguments, "photo"))) return $"saves {Text(call.Arguments, "photo") ?? "no photo"}, which is unusable, unknown or saved already; save each usable photo once.";
        }

        return waiting.Count == 0 ? null : $"does not save {string.Join(", ", waiting)}; save each usable photo once.";
    }

    private static string? Shape(ExampleCall? call)
    {
        if (call?.Tool is not { } tool || Tools.FirstOrDefault(declared => declared.Name == tool) is not { } declaration)
            return $"calls {call?.Tool ?? "no tool"}, which does not exist; use {string.Join(", ", Tools.Select(declared => declared.Name))}.";
        if (call.Arguments.ValueKind != JsonValueKind.Object) return $"calls {tool} without \"arguments\"; give an object.";
        List<string> takes = [.. declaration.JsonSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name)];
        var unknown = call.Arguments.EnumerateObject().Select(argument => argument.Name).FirstOrDefault(name => !takes.Contains(name, StringComparer.Ordinal));
        if (unknown is not null) return $"gives {tool} the argument {unknown}; it takes {(takes.Count == 0 ? "none" : string.Join(", ", takes))}.";
        var missing = Items(declaration.JsonSchema, "required").Select(name => name.GetString()!).FirstOrDefault(name => !call.Arguments.TryGetProperty(name, out _));
        if (missing is not null) return $"calls {tool} without {missing}, which it needs.";
        return call.Arguments.EnumerateObject().Where(argument => !Fits(argument.Value, declaration.JsonSchema.GetProperty("properties").GetProperty(argument.Name)))
            .Select(argument => $"gives {tool} {argument.Name} {argument.Value.GetRawText()}, which does not fit its schema.").FirstOrDefault();
    }

    private static bool Fits(JsonElement value, JsonElement schema)
    {
        var expected = Text(schema, "type") == "integer" ? JsonValueKind.Number : JsonValueKind.String;
        var choices = Items(schema, "enum");
        return value.ValueKind == expected && (choices.Count == 0 || choices.Exists(choice => choice.ValueEquals(value.GetString())));
    }

    private static bool IsUsable(JsonElement photo) => photo.ValueKind == JsonValueKind.Object && photo.TryGetProperty("usable", out var usable) && usable.ValueKind == JsonValueKind.True;

    private static List<JsonElement> Items(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];

    private static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } value ? value : null;
}
