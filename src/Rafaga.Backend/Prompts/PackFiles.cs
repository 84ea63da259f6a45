using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Rafaga.Backend.Prompts;

/// <summary>The list of what a pack consists of; paths are relative to its folder and the order counts.</summary>
internal sealed record PackManifest(string? Version, string? Language, IReadOnlyList<string>? Core, IReadOnlyList<string>? Examples, IReadOnlyList<string>? Photos);

/// <summary>One example: a turn, the calls it asks for and the reply.</summary>
internal sealed record PackExample(string? Name, string? Shows, JsonElement Turn, IReadOnlyList<ExampleCall>? Calls, string? Reply);

/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">What it is given.</param>
/// <param name="Result">What it answers, where later calls need it.</param>
internal sealed record ExampleCall(string? Tool, JsonElement Arguments, JsonElement? Result);

// A misspelt member is a fault with a message, not a setting that silently does nothing.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PackManifest))]
[JsonSerializable(typeof(PackExample))]
internal sealed partial class PackJson : JsonSerializerContext;

/// <summary>Reads a pack's files; every fault names the file.</summary>
internal sealed class PackFiles(string folder)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file with one kind of line end, so that a checkout on another system has the same hash.</summary>
    public string Text(string file)
    {
        if (Path.IsPathRooted(file) || file.Split('/', '\\').Contains("..")) throw new PromptPackException(file, "must be a path inside the pack's folder.");
        try
        {
            var text = Utf8.GetString(File.ReadAllBytes(Path.Combine(folder, file)));
            return text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd();
        }
        catch (ArgumentException e)
        {
            throw new PromptPackException(file, "is not UTF-8 text; save it as UTF-8.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PromptPackException(file, $"cannot be read in {folder}; put the file back or correct the folder.", e);
        }
    }

    public T Json<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Text(file), type) ?? throw new PromptPackException(file, "is empty; it must be a JSON object.");
        }
        catch (JsonException e)
        {
            var where = e.LineNumber is { } line ? $" in line {line + 1}" : "";
            throw new PromptPackException(file, $"is not the expected JSON{where}{(e.Path is { Length: > 1 } path ? $" at {path}" : "")}; correct it there.", e);
        }
    }
}
