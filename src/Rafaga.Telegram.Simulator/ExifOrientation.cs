using System.Buffers.Binary;

namespace Rafaga.Telegram.Simulator;

/// <summary>Which way up a JPEG is, as its EXIF segment says: 1 is upright, 5 to 8 lie on a side.</summary>
internal static class ExifOrientation
{
    public const int Upright = 1;

    private const int TiffStart = 10; // marker, length, "Exif", two zeros
    private const int Tag = 0x0112;
    private const int ShortType = 3;
    private const int EntryLength = 12;

    /// <summary>Reads a whole APP1 segment; upright when it says nothing that can be used.</summary>
    public static int Read(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < TiffStart + 8 || !segment[4..].StartsWith("Exif\0\0"u8)) return Upright;
        var tiff = segment[TiffStart..];
        var big = tiff.StartsWith("MM"u8);
        if (!big && !tiff.StartsWith("II"u8)) return Upright;
        var directory = big ? BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]);
        if (directory > tiff.Length - 2) return Upright;
        var entries = tiff[((int)directory + 2)..];
        for (var left = UInt16(tiff[(int)directory..], big); left > 0 && entries.Length >= EntryLength; left--, entries = entries[EntryLength..])
        {
            if (UInt16(entries, big) == Tag && UInt16(entries[2..], big) == ShortType && UInt16(entries[8..], big) is >= 1 and <= 8 and var found) return found;
        }

        return Upright;
    }

    /// <summary>An APP1 segment that says this and nothing else.</summary>
    public static byte[] Write(int orientation) =>
    [
        0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8,
        0, 1, Tag >> 8, Tag & 0xFF, 0, ShortType, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
        0, 0, 0, 0,
    ];

    private static int UInt16(ReadOnlySpan<byte> data, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(data) : BinaryPrimitives.ReadUInt16LittleEndian(data);
}
