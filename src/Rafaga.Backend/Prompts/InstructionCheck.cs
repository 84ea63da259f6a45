using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Agent;

namespace Rafaga.Backend.Prompts;

/// <summary>Holds instructions to what the program really does: a model believes them, and a person then hears that something cannot be done which can.</summary>
internal static partial class InstructionCheck
{
    // Names of the turn's document, of the tools and of what they take: whatever else is written like one is a mistake.
    private static readonly HashSet<string> Known =
    [
        .. ToolDeclarations.All.OfType<AIFunctionDeclaration>().SelectMany(tool => Properties(tool.JsonSchema).Append(tool.Name)),
        .. new JsonTypeInfo[] { AgentJson.Readable.TurnContext, AgentJson.Readable.ContextMessage, AgentJson.Readable.ContextPhoto, AgentJson.Readable.ContextQuestion, AgentJson.Readable.MemorySeen }
            .SelectMany(type => type.Properties).Select(property => property.Name),
    ];

    /// <summary>What is wrong with them and how to mend it; null when all is well.</summary>
    public static string? Fault(string instructions)
    {
        if (Name().Matches(instructions).Select(match => match.Value).FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
            return $"speaks of {unknown}, which is neither a tool nor a part of the turn; correct the name.";
        if (Denial().Match(instructions) is { Success: true } denial)
            return $"says \"{denial.Value}\", but there is {ToolDeclarations.UpdateMemory}; leave that out.";
        return null;
    }

    private static IEnumerable<string> Properties(JsonElement schema) => schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);

    [GeneratedRegex(@"\b[a-z]+(?:_[a-z]+)+\b", RegexOptions.None, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"\bno (?:puedes?|es posible|se pueden?|debes?)(?: nunca)? (?:editar|modificar|cambiar|actualizar|corregir)\b|\b(?:cannot|can't|can not|must not|never) (?:edit|modify|change|update|correct)\b",
        RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex Denial();
}
