using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>The smallest files that are pictures by their header.</summary>
internal static class Pictures
{
    /// <summary>A JPEG of this size; the seed makes its content its own.</summary>
    public static byte[] Jpeg(int seed, int width = 1280, int height = 960, DateTime? taken = null)
    {
        List<byte> file = [0xFF, 0xD8];
        if (taken is { } time) Segment(file, 0xE1, Exif(time));
        Segment(file, 0xFE, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"seed {seed}")));
        var frame = new byte[15];
        frame[0] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(3), (ushort)width);
        frame[5] = 3;
        for (var i = 0; i < 3; i++) (frame[6 + (3 * i)], frame[7 + (3 * i)]) = ((byte)(i + 1), 0x11);
        Segment(file, 0xC0, frame);
        Segment(file, 0xDA, [1, 1, 0, 0, 63, 0]);
        file.AddRange([0xFF, 0xD9]);
        return [.. file];
    }

    private static void Segment(List<byte> file, byte marker, ReadOnlySpan<byte> data)
    {
        var length = data.Length + 2;
        file.AddRange([0xFF, marker, (byte)(length >> 8), (byte)length]);
        file.AddRange(data);
    }

    // TIFF, little-endian: one directory that points to the Exif directory, which holds DateTimeOriginal.
    private static byte[] Exif(DateTime taken)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("Exif\0\0"u8);
        writer.Write("II*\0"u8);
        writer.Write(8);
        Entry(0x8769, type: 4, count: 1, value: 26);
        Entry(0x9003, type: 2, count: 20, value: 44);
        writer.Write(Encoding.ASCII.GetBytes(taken.ToString("yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture) + "\0"));
        return stream.ToArray();

        void Entry(ushort tag, ushort type, int count, int value)
        {
            writer.Write((ushort)1);
            writer.Write(tag);
            writer.Write(type);
            writer.Write(count);
            writer.Write(value);
            writer.Write(0);
        }
    }
}
