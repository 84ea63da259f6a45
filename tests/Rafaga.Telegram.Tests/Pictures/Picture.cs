using System.Buffers.Binary;

namespace Rafaga.Telegram.Tests.Pictures;

/// <summary>The smallest files that are pictures by their headers: nobody decodes them here.</summary>
internal static class Picture
{
    public static byte[] Jpeg(int width = 1280, int height = 960, params byte[][] segments) =>
    [
        0xFF, 0xD8,
        .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
        .. segments.SelectMany(s => s),
        .. Segment(0xDB, new byte[65]),
        .. Segment(0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]),
        .. Segment(0xC4, new byte[29]),
        .. Segment(0xDA, [1, 1, 0, 0, 63, 0]),
        0x2A, 0xFF, 0x00, 0x2A,
        0xFF, 0xD9,
    ];

    public static byte[] Segment(byte marker, byte[] body) => [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    /// <summary>An APP1 segment with orientation and date, in either byte order.</summary>
    public static byte[] Exif(int orientation = 1, string date = "2026:05:02 17:30:00", bool bigEndian = true)
    {
        var text = System.Text.Encoding.ASCII.GetBytes(date + "\0");
        var tiff = new byte[38 + text.Length];
        (bigEndian ? "MM"u8 : "II"u8).CopyTo(tiff);
        Put16(2, 42);
        Put32(4, 8);
        Put16(8, 2);
        Put16(10, 0x0112);
        Put16(12, 3);
        Put32(14, 1);
        Put16(18, orientation);
        Put16(22, 0x0132);
        Put16(24, 2);
        Put32(26, text.Length);
        Put32(30, 38);
        text.CopyTo(tiff, 38);
        return Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]);

        void Put16(int at, int value)
        {
            if (bigEndian) BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), (ushort)value);
            else BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), (ushort)value);
        }

        void Put32(int at, int value)
        {
            if (bigEndian) BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(at), value);
            else BinaryPrimitives.WriteInt32LittleEndian(tiff.AsSpan(at), value);
        }
    }

    public static byte[] Png(uint width, uint height)
    {
        byte[] png = [0x89, .. "PNG\r\n\x1A\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[8], 8, 2, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), height);
        return png;
    }

    public static byte[] Gif(int width, int height) => [.. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0, 0, 0];

    public static byte[] WebPLossy(int width, int height) =>
        WebP("VP8 "u8, [0, 0, 0, 0x9D, 0x01, 0x2A, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)]);

    public static byte[] WebPLossless(int width, int height)
    {
        var bits = (uint)(width - 1) | ((uint)(height - 1) << 14);
        return WebP("VP8L"u8, [0x2F, (byte)bits, (byte)(bits >> 8), (byte)(bits >> 16), (byte)(bits >> 24), 0, 0, 0, 0, 0]);
    }

    public static byte[] WebPExtended(int width, int height) => WebP(
        "VP8X"u8, [0, 0, 0, 0, (byte)(width - 1), (byte)((width - 1) >> 8), (byte)((width - 1) >> 16), (byte)(height - 1), (byte)((height - 1) >> 8), (byte)((height - 1) >> 16)]);

    private static byte[] WebP(ReadOnlySpan<byte> chunk, byte[] body) =>
        [.. "RIFF"u8, (byte)(body.Length + 12), 0, 0, 0, .. "WEBP"u8, .. chunk, (byte)body.Length, 0, 0, 0, .. body];
}
