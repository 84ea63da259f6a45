using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Agent;

/// <summary>The arguments of one call, checked as if an attacker had written them.</summary>
/// <exception cref="ToolRefusedException">From every member: a name that is not known, a wrong type, a text that is too long.</exception>
internal sealed class ToolArguments
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    private ToolArguments()
    {
    }

    public static ToolArguments Read(FunctionCallContent call, params ReadOnlySpan<string> known)
    {
        if (call.Exception is not null) throw new ToolRefusedException("The arguments are not valid JSON.");
        var arguments = new ToolArguments();
        foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
        {
            if (!known.Contains(name)) throw new ToolRefusedException($"{call.Name} takes {(known.IsEmpty ? "no arguments" : string.Join(", ", known!))} only.");
            var element = Element(name, value);
            if (element.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)) arguments._values[name] = element;
        }

        return arguments;
    }

    public string Required(string name, int maxLength) => Optional(name, maxLength) ?? throw new ToolRefusedException($"{name} is missing.");

    public string? Optional(string name, int maxLength)
    {
        if (!_values.TryGetValue(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) throw new ToolRefusedException($"{name} must be a string.");
        var text = PlainText.Clean(Text(name, value));
        return text is null || text.Length <= maxLength ? text : throw new ToolRefusedException($"{name} may have at most {maxLength} characters.");
    }

    public int? Number(string name, int min, int max)
    {
        if (!_values.TryGetValue(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max) return number;
        throw new ToolRefusedException($"{name} must be a whole number from {min} to {max}.");
    }

    public DateOnly? Day(string name)
    {
        if (Optional(name, 10) is not { } text) return null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new ToolRefusedException($"{name} must be a day such as 2026-05-02.");
    }

    private static string? Text(string name, JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new ToolRefusedException($"{name} has half a character.");
        }
    }

    // Clients hand over JSON; a model of our own may hand over plain strings and numbers.
    private static JsonElement Element(string name, object? value) => value switch
    {
        JsonElement element => element,
        null => default,
        string text => JsonSerializer.SerializeToElement(text, AgentJson.Readable.String),
        int number => JsonSerializer.SerializeToElement(number, AgentJson.Readable.Int32),
        _ => throw new ToolRefusedException($"{name} has a type that is not JSON."),
    };
}
