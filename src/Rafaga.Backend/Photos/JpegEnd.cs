using System.Buffers.Binary;

namespace Rafaga.Backend.Photos;

/// <summary>Whether a JPEG is all there. A transfer that was cut leaves a picture whose header is fine and whose lower half is grey.</summary>
internal static class JpegEnd
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>False when the picture data has no end mark; what follows the end is the camera's own business.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> jpeg)
    {
        // Segment by segment up to the picture: a preview inside one has an end mark of its own.
        for (var at = 2; at + 4 <= jpeg.Length;)
        {
            if (jpeg[at] != 0xFF) return false;
            var marker = jpeg[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker == StartOfScan) return jpeg[at..].IndexOf((ReadOnlySpan<byte>)[0xFF, EndOfImage]) >= 0;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
        }

        return false;
    }
}
