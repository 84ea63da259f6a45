using System.Buffers.Binary;

namespace Rafaga.Telegram;

/// <summary>The formats of pictures that are taken.</summary>
public enum ImageKind
{
    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,

    /// <summary>WebP, lossy, lossless or extended.</summary>
    WebP,

    /// <summary>GIF.</summary>
    Gif,
}

/// <summary>What the first bytes of a picture say. Pictures are never decoded: a bomb stays a file.</summary>
/// <param name="Kind">The format, by content and never by name.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public readonly record struct ImageHeader(ImageKind Kind, int Width, int Height)
{
    /// <summary>Longest side, in pixels.</summary>
    public const int MaxSide = 10_000;

    /// <summary>Most pixels.</summary>
    public const long MaxPixels = 50_000_000;

    /// <summary>The media type of the format.</summary>
    public string MediaType => Kind switch
    {
        ImageKind.Jpeg => "image/jpeg",
        ImageKind.Png => "image/png",
        ImageKind.WebP => "image/webp",
        _ => "image/gif",
    };

    /// <summary>The usual file extension of the format, with its dot.</summary>
    public string Extension => Kind switch
    {
        ImageKind.Jpeg => ".jpg",
        ImageKind.Png => ".png",
        ImageKind.WebP => ".webp",
        _ => ".gif",
    };

    /// <summary>Reads the header.</summary>
    /// <returns>False when it is none of the formats, ends before its size is known, or is larger than the limits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> data, out ImageHeader header)
    {
        header = default;
        var found = ReadJpeg(data) ?? ReadPng(data) ?? ReadGif(data) ?? ReadWebP(data);
        if (found is not { Width: > 0 and <= MaxSide, Height: > 0 and <= MaxSide } image || (long)image.Width * image.Height > MaxPixels) return false;
        header = image;
        return true;
    }

    // ITU T.81 annex B: segments until a start-of-frame marker.
    private static ImageHeader? ReadJpeg(ReadOnlySpan<byte> data)
    {
        if (!data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return null;
        var at = 2;
        while (at + 4 <= data.Length)
        {
            if (data[at] != 0xFF) return null;
            var marker = data[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
            if (length < 2 || marker is 0xD8 or 0xD9 or 0xDA) return null;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return at + 9 <= data.Length
                    ? new ImageHeader(ImageKind.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(data[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(data[(at + 5)..]))
                    : null;
            }

            at += 2 + length;
        }

        return null;
    }

    private static ImageHeader? ReadPng(ReadOnlySpan<byte> data) =>
        data.Length >= 24 && data[0] == 0x89 && data[1..].StartsWith("PNG\r\n\x1A\n"u8) && data[12..].StartsWith("IHDR"u8)
            ? Sized(ImageKind.Png, BinaryPrimitives.ReadUInt32BigEndian(data[16..]), BinaryPrimitives.ReadUInt32BigEndian(data[20..]))
            : null;

    private static ImageHeader? ReadGif(ReadOnlySpan<byte> data) =>
        data.Length >= 10 && (data.StartsWith("GIF87a"u8) || data.StartsWith("GIF89a"u8))
            ? Sized(ImageKind.Gif, BinaryPrimitives.ReadUInt16LittleEndian(data[6..]), BinaryPrimitives.ReadUInt16LittleEndian(data[8..]))
            : null;

    // RFC 9649: the first chunk says which of three headers follows.
    private static ImageHeader? ReadWebP(ReadOnlySpan<byte> data)
    {
        if (data.Length < 30 || !data.StartsWith("RIFF"u8) || !data[8..].StartsWith("WEBP"u8)) return null;
        var chunk = data[12..];
        if (chunk.StartsWith("VP8X"u8)) return Sized(ImageKind.WebP, UInt24(data[24..]) + 1, UInt24(data[27..]) + 1);
        if (chunk.StartsWith("VP8L"u8) && data[20] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[21..]);
            return Sized(ImageKind.WebP, (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1);
        }

        return chunk.StartsWith("VP8 "u8) && data[23..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            ? Sized(ImageKind.WebP, BinaryPrimitives.ReadUInt16LittleEndian(data[26..]) & 0x3FFFu, BinaryPrimitives.ReadUInt16LittleEndian(data[28..]) & 0x3FFFu)
            : null;
    }

    private static ImageHeader Sized(ImageKind kind, uint width, uint height) =>
        new(kind, (int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue));

    private static uint UInt24(ReadOnlySpan<byte> data) => data[0] | ((uint)data[1] << 8) | ((uint)data[2] << 16);
}
