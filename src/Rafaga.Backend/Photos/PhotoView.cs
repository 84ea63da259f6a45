using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Photos;

/// <summary>A picture as a model is shown it: small enough, and without what cameras and people write into files.</summary>
/// <param name="Content">The file.</param>
/// <param name="MediaType">Its format.</param>
internal sealed record PhotoView(byte[] Content, string MediaType)
{
    /// <summary>What vendors take: 5 MB in base64, 8000 pixels a side.</summary>
    public const int MaxBytes = 3_700_000;

    /// <inheritdoc cref="MaxBytes"/>
    public const int MaxSide = 8000;

    // Claude's patches; other vendors count in the same order of magnitude.
    private const int Patch = 28;

    /// <summary>What a picture of this size costs to look at.</summary>
    public static int Tokens(int width, int height) => (int)Math.Min(int.MaxValue, (((long)width + Patch - 1) / Patch) * (((long)height + Patch - 1) / Patch));

    public DataContent ToContent() => new(Content, MediaType);
}
