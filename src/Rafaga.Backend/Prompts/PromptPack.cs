using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Photos;

namespace Rafaga.Backend.Prompts;

/// <summary>Puts the system prompt together from the pack's files: the same files give the same bytes, anywhere.</summary>
internal static class PromptPack
{
    private const string ManifestFile = "manifest.json";

    /// <summary>The pack that is delivered with the program.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "Prompts");

    /// <exception cref="PromptPackException">Something is missing or wrong; the message names the file and the fix.</exception>
    public static SystemPrompt Load(string folder)
    {
        var files = new PackFiles(folder);
        var manifest = Manifest(files);
        if (string.IsNullOrWhiteSpace(manifest.Version)) throw new PromptPackException(ManifestFile, "has no \"version\"; give one, such as \"1\".");
        if (string.IsNullOrWhiteSpace(manifest.Language)) throw new PromptPackException(ManifestFile, "has no \"language\"; give the language of the instructions, such as \"es\".");
        if (manifest.Core is not { Count: > 0 } core) throw new PromptPackException(ManifestFile, "lists no \"core\" file; list core/instructions.xml.");
        if (manifest.Examples is not { Count: > 0 } examples) throw new PromptPackException(ManifestFile, "lists no \"examples\"; list at least one.");

        var text = new StringBuilder();
        var hasBatch = false;
        foreach (var file in core)
        {
            var instructions = files.Text(file);
            hasBatch |= HasBatch(file, instructions);
            if (InstructionCheck.Fault(instructions) is { } fault) throw new PromptPackException(file, fault);
            text.Append(instructions).Append("\n\n");
        }

        if (!hasBatch) throw new PromptPackException(core[0], "has no <batch> section; say there what to do with a burst of messages.");
        text.Append("<examples>\n");
        foreach (var file in examples) Append(text, file, files.Json(file, PackJson.Default.PackExample));
        text.Append("</examples>\n");

        var whole = text.ToString();
        return new SystemPrompt(whole, Hash(whole));
    }

    /// <summary>The instructions for describing pictures.</summary>
    /// <exception cref="PromptPackException">Something is missing or wrong; the message names the file and the fix.</exception>
    public static PhotoPrompt LoadPhotos(string folder)
    {
        var files = new PackFiles(folder);
        if (Manifest(files).Photos is not { Count: > 0 } photos) throw new PromptPackException(ManifestFile, "lists no \"photos\" file; list photos/description.xml.");
        var text = string.Join("\n\n", photos.Select(file =>
        {
            var instructions = files.Text(file);
            HasBatch(file, instructions);
            return instructions;
        }));
        var missing = Seen.Schema.GetProperty("required").EnumerateArray().Select(field => field.GetString()!).FirstOrDefault(field => !text.Contains(field, StringComparison.Ordinal));
        if (missing is not null) throw new PromptPackException(photos[0], $"does not say what goes into \"{missing}\"; the answer must have it.");
        return new PhotoPrompt(text, Hash(text));
    }

    private static PackManifest Manifest(PackFiles files) => files.Json(ManifestFile, PackJson.Default.PackManifest);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // Whether a text has words in a section "batch" below its root. Read to its end, so that all of it is well-formed.
    private static bool HasBatch(string file, string instructions)
    {
        try
        {
            // A reader made like this refuses document types, and with them entities.
            using var reader = XmlReader.Create(new StringReader(instructions));
            var (inside, found) = (false, false);
            while (reader.Read())
            {
                if (reader is { Depth: 1, NodeType: XmlNodeType.Element or XmlNodeType.EndElement }) inside = reader is { Name: "batch", NodeType: XmlNodeType.Element, IsEmptyElement: false };
                found |= inside && reader.NodeType is (XmlNodeType.Text or XmlNodeType.CDATA);
            }

            return found;
        }
        catch (XmlException e)
        {
            throw new PromptPackException(file, $"is not well-formed XML{(e.LineNumber > 0 ? $" in line {e.LineNumber}" : "")}; correct it there.", e);
        }
    }

    private static void Append(StringBuilder text, string file, PackExample example)
    {
        if (ExampleCheck.Fault(example) is { } fault) throw new PromptPackException(file, fault);
        text.Append("<example>\n<shows>").Append(example.Name);
        if (!string.IsNullOrWhiteSpace(example.Shows)) text.Append(". ").Append(example.Shows);
        text.Append("</shows>\n<turn>").Append(Compact(example.Turn)).Append("</turn>\n");
        foreach (var call in example.Calls ?? [])
        {
            text.Append("<call tool=\"").Append(call.Tool).Append("\">").Append(Compact(call.Arguments)).Append("</call>\n");
            if (call.Result is { } result) text.Append("<result>").Append(Compact(result)).Append("</result>\n");
        }

        text.Append("<reply>").Append(example.Reply).Append("</reply>\n</example>\n");
    }

    private static string Compact(JsonElement json)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) json.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
