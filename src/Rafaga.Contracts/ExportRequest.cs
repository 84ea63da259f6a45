namespace Rafaga.Contracts;

/// <summary>What the bot posts to <see cref="ExportEndpoint.Path"/> to get everything of a person. Signed as batches are, with the conversation as the message id.</summary>
/// <param name="Conversation">Key of any conversation of the person.</param>
/// <param name="Skip">Null for the first part, then what <see cref="ExportEndpoint.NextHeader"/> said.</param>
public sealed record ExportRequest(string Conversation, int? Skip = null);

/// <summary>Where it is asked for: 200 with a zip file, 204 when nothing is kept, 404 from a backend without an export.</summary>
public static class ExportEndpoint
{
    /// <summary>Path of the export.</summary>
    public const string Path = "/webhook/export";

    /// <summary>Header of the answer: what to skip in the next part; absent in the last.</summary>
    public const string NextHeader = "rafaga-export-next";

    /// <summary>Largest body accepted, in bytes.</summary>
    public const int MaxBodyBytes = 4 * 1024;
}
