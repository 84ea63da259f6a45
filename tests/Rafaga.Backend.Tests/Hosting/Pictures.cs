using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>The smallest files that are pictures by their header.</summary>
internal static class Pictures
{
    /// <summary>A JPEG of this size; the seed makes its content its own.</summary>
    public static byte[] Jpeg(int seed, int width = 1280, int height = 960, DateTime? taken = null, (double Latitude, double Longitude)? place = null)
    {
        List<byte> file = [0xFF, 0xD8];
        if (taken is { } time) Segment(file, 0xE1, Exif(time, place));
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

    /// <summary>A grey JPEG that really shows something: the brightness (0 to 255) of each block of 8 by 8 pixels.</summary>
    public static byte[] Gray(Func<int, int, int> brightness, int width = 640, int height = 480, int restart = 0)
    {
        List<byte> file = [0xFF, 0xD8];
        Segment(file, 0xDB, [0, .. Enumerable.Repeat((byte)8, 64)]);
        Segment(file, 0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]);
        // For the means the table of the standard's annex K, for the details a single code: there are none.
        Segment(file, 0xC4, [0x00, 0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        Segment(file, 0xC4, [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        if (restart > 0) Segment(file, 0xDD, [(byte)(restart >> 8), (byte)restart]);
        Segment(file, 0xDA, [1, 1, 0, 0, 63, 0]);
        var (bits, last, block) = (new StringBuilder(), 0, 0);
        for (var y = 0; y < (height + 7) / 8; y++)
        {
            for (var x = 0; x < (width + 7) / 8; x++)
            {
                if (restart > 0 && block > 0 && block % restart == 0)
                {
                    Flush(file, bits);
                    file.AddRange([0xFF, (byte)(0xD0 + ((block / restart) - 1) % 8)]);
                    last = 0;
                }

                var value = Math.Clamp(brightness(x, y), 0, 255) - 128;
                var length = value == last ? 0 : (int)Math.Log2(Math.Abs(value - last)) + 1;
                bits.Append(length == 0 ? "00" : length <= 5 ? Convert.ToString(length + 1, 2).PadLeft(3, '0') : new string('1', length - 3) + "0");
                if (length > 0) bits.Append(Convert.ToString(value > last ? value - last : value - last + (1 << length) - 1, 2).PadLeft(length, '0'));
                bits.Append('0');
                last = value;
                block++;
            }
        }

        Flush(file, bits);
        file.AddRange([0xFF, 0xD9]);
        return [.. file];
    }

    private static void Flush(List<byte> file, StringBuilder bits)
    {
        while (bits.Length % 8 != 0) bits.Append('1');
        for (var at = 0; at < bits.Length; at += 8)
        {
            var value = Convert.ToByte(bits.ToString(at, 8), 2);
            file.Add(value);
            if (value == 0xFF) file.Add(0);
        }

        bits.Clear();
    }

    private static void Segment(List<byte> file, byte marker, ReadOnlySpan<byte> data)
    {
        var length = data.Length + 2;
        file.AddRange([0xFF, marker, (byte)(length >> 8), (byte)length]);
        file.AddRange(data);
    }

    // TIFF, little-endian: one directory that points to the Exif directory, which holds DateTimeOriginal, and to the GPS directory.
    private static byte[] Exif(DateTime taken, (double Latitude, double Longitude)? place)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("Exif\0\0"u8);
        writer.Write("II*\0"u8);
        writer.Write(8);
        Directory((0x8769, 4, 1, 38), (0x8825, 4, 1, 76));
        Directory((0x9003, 2, 20, 56));
        writer.Write(Encoding.ASCII.GetBytes(taken.ToString("yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture) + "\0"));
        var (latitude, longitude) = place ?? (0, 0);
        Directory((1, 2, 2, latitude < 0 ? 'S' : 'N'), (2, 5, 3, 130), (3, 2, 2, longitude < 0 ? 'W' : 'E'), (4, 5, 3, 154));
        Degrees(latitude);
        Degrees(longitude);
        return stream.ToArray();

        void Directory(params (ushort Tag, ushort Type, int Count, int Value)[] entries)
        {
            writer.Write((ushort)entries.Length);
            foreach (var (tag, type, count, value) in entries)
            {
                writer.Write(tag);
                writer.Write(type);
                writer.Write(count);
                writer.Write(value);
            }

            writer.Write(0);
        }

        // Degrees, minutes and seconds as fractions; all of it in the degrees.
        void Degrees(double value)
        {
            foreach (var (numerator, denominator) in ((int, int)[])[((int)Math.Round(Math.Abs(value) * 100_000), 100_000), (0, 1), (0, 1)])
            {
                writer.Write(numerator);
                writer.Write(denominator);
            }
        }
    }
}
