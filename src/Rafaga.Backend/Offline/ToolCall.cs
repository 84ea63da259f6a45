using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Offline;

/// <summary>One call the model wants made. The id follows from its place in the plan, so a restart makes the same one.</summary>
internal sealed record ToolCall(string Id, string Tool, IReadOnlyDictionary<string, object?> Arguments)
{
    public static ToolCall At(int round, int index, string tool, params ReadOnlySpan<(string Name, object? Value)> arguments)
    {
        var given = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments)
        {
            if (value is not null) given[name] = value;
        }

        return new ToolCall($"call_{round}_{index}", tool, given);
    }

    public FunctionCallContent ToContent() => new(Id, Tool, new Dictionary<string, object?>(Arguments, StringComparer.Ordinal));
}
