using System.Buffers.Binary;

namespace Rafaga.Backend.Photos;

/// <summary>
/// A picture without the words in its file: places, names and comments are nobody's business, and text that no eye sees is where orders to a model hide.
/// Only what is needed to show it is copied.
/// </summary>
internal static class BareImage
{
    /// <summary>The bare file; null when it is broken, or of a kind that no model is shown (GIF, moving WebP).</summary>
    public static byte[]? Strip(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? Jpeg(file)
        : file.Length > 8 && file[0] == 0x89 && file[1..].StartsWith("PNG\r\n\x1A\n"u8) ? Png(file)
        : file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? WebP(file)
        : null;

    // All segments before the first scan but application data and comments; JFIF and Adobe say how to read the colours.
    private static byte[]? Jpeg(ReadOnlySpan<byte> file)
    {
        using var bare = new MemoryStream(file.Length);
        bare.Write(file[..2]);
        var at = 2;
        while (at + 4 <= file.Length && file[at] == 0xFF)
        {
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker == 0xDA)
            {
                bare.Write(file[at..]);
                return bare.ToArray();
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length) return null;
            if (marker is not ((>= 0xE1 and <= 0xED) or 0xEF or 0xFE)) bare.Write(file.Slice(at, 2 + length));
            at += 2 + length;
        }

        return null;
    }

    private static byte[]? Png(ReadOnlySpan<byte> file)
    {
        using var bare = new MemoryStream(file.Length);
        bare.Write(file[..8]);
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12) return null;
            var whole = file.Slice(at, (int)length + 12);
            var type = whole.Slice(4, 4);
            if (type.SequenceEqual("IHDR"u8) || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("tRNS"u8) || type.SequenceEqual("IDAT"u8) || type.SequenceEqual("IEND"u8)) bare.Write(whole);
            if (type.SequenceEqual("IEND"u8)) return bare.ToArray();
            at += whole.Length;
        }

        return null;
    }

    private static byte[]? WebP(ReadOnlySpan<byte> file)
    {
        using var bare = new MemoryStream(file.Length);
        bare.Write(file[..12]);
        for (var at = 12; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            if (length > file.Length - at - 8) return null;
            // Chunks have an even length; the last one may lack its filling byte.
            var whole = file.Slice(at, (int)Math.Min(length + 8 + (length & 1), file.Length - at));
            var type = whole[..4];
            if (type.SequenceEqual("ANIM"u8) || type.SequenceEqual("ANMF"u8)) return null;
            if (type.SequenceEqual("VP8X"u8) && length >= 10)
            {
                // It says which other chunks there are: only transparency is left.
                var header = whole.ToArray();
                header[8] &= 0x10;
                bare.Write(header);
            }
            else if (type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8) || type.SequenceEqual("ALPH"u8))
            {
                bare.Write(whole);
            }

            at += whole.Length;
        }

        var bytes = bare.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)bytes.Length - 8);
        return bytes;
    }
}
