using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Offline;

/// <summary>The whole conversation with the agent loop, read anew at every call: the turn, and what the tools have answered since. The model keeps no other state.</summary>
internal sealed record Reading(Turn Turn, IReadOnlyDictionary<string, ToolAnswer> Answers, int Rounds)
{
    public static Reading Of(IEnumerable<ChatMessage> messages)
    {
        var all = messages.ToList();
        var start = all.FindLastIndex(message => message.Role == ChatRole.User && message.Contents.OfType<TextContent>().Any());
        if (start < 0) return new Reading(new Turn(), new Dictionary<string, ToolAnswer>(), 0);

        var answers = new Dictionary<string, ToolAnswer>(StringComparer.Ordinal);
        var rounds = 0;
        foreach (var message in all.Skip(start + 1))
        {
            var calls = message.Contents.OfType<FunctionCallContent>().ToList();
            if (calls.Count > 0) rounds++;
            foreach (var call in calls) answers.TryAdd(call.CallId, ToolAnswer.None);
            foreach (var result in message.Contents.OfType<FunctionResultContent>()) answers[result.CallId] = ToolAnswer.Read(result);
        }

        return new Reading(Turn.Parse(all[start].Contents.OfType<TextContent>().First().Text), answers, rounds);
    }

    public bool WasCalled(ToolCall call) => Answers.ContainsKey(call.Id);

    public bool Worked(ToolCall call) => Answers.TryGetValue(call.Id, out var answer) && answer.Worked;

    /// <summary>What the tool said, or null when it was not called, failed or said something else.</summary>
    public T? Answer<T>(ToolCall call, JsonTypeInfo<T> type)
        where T : class
    {
        if (!Answers.TryGetValue(call.Id, out var answer) || !answer.Worked) return null;
        try
        {
            return answer.Body.Deserialize(type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One tool's answer.</summary>
/// <param name="Worked">False for an error, for no answer and for anything that is not a JSON object: nothing is claimed that was not confirmed.</param>
/// <param name="Body">The answer's JSON.</param>
internal readonly record struct ToolAnswer(bool Worked, JsonElement Body)
{
    public static ToolAnswer None { get; }

    public static ToolAnswer Read(FunctionResultContent result)
    {
        if (result.Exception is not null) return None;
        var body = result.Result switch
        {
            JsonElement { ValueKind: JsonValueKind.String } text => Parse(text.GetString()),
            JsonElement element => element,
            string text => Parse(text),
            _ => default,
        };
        return body.ValueKind == JsonValueKind.Object && !body.TryGetProperty("error", out _) ? new ToolAnswer(true, body) : None;
    }

    private static JsonElement Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return default;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
