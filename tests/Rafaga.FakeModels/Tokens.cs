using System.Text;
using System.Text.Json.Nodes;

namespace Rafaga.FakeModels;

/// <summary>An estimate that is good enough to compare costs with, and always the same: four bytes make a token.</summary>
public static class Tokens
{
    public static int OfText(string? text) => text is null ? 0 : (Encoding.UTF8.GetByteCount(text) + 3) / 4;

    public static int OfJson(JsonNode? json) => json is null ? 0 : OfText(json.ToJsonString());

    /// <summary>A picture by its measures: patches of 28 pixels, at most 3900.</summary>
    public static int OfImage(int width, int height) => Math.Min(3900, ((width + 27) / 28) * ((height + 27) / 28));
}

/// <summary>What one answer took.</summary>
public sealed record TokenUsage(int Input, int CacheWrite, int CacheRead, int Output)
{
    /// <summary>All that was read.</summary>
    public int Read => Input + CacheWrite + CacheRead;
}
