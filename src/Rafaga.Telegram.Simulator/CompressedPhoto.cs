using System.Buffers.Binary;

namespace Rafaga.Telegram.Simulator;

/// <summary>What becomes of a picture that is sent as a photo: its metadata is gone. Sent as a file, it keeps them.</summary>
/// <param name="Bytes">The content that is served.</param>
/// <param name="Width">Pixels, as it is looked at.</param>
/// <param name="Height">Pixels, as it is looked at.</param>
/// <param name="MediaType">Of the content.</param>
internal sealed record CompressedPhoto(byte[] Bytes, int Width, int Height, string MediaType)
{
    private const byte App1 = 0xE1;
    private const byte App13 = 0xED;
    private const byte Comment = 0xFE;
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>Takes EXIF and XMP (APP1), IPTC (APP13) and comments out of a JPEG, segment by segment; other formats stay as they are.</summary>
    /// <remarks>Telegram turns the pixels upright. Pictures are never decoded here, so of the EXIF the orientation stays, and nothing else.</remarks>
    public static CompressedPhoto From(byte[] data)
    {
        if (!ImageHeader.TryRead(data, out var header)) throw new ArgumentException("Not a picture.", nameof(data));
        if (header.Kind != ImageKind.Jpeg) return new CompressedPhoto(data, header.Width, header.Height, header.MediaType);

        var (bytes, orientation) = Strip(data);
        var sideways = orientation >= 5;
        return new CompressedPhoto(bytes, sideways ? header.Height : header.Width, sideways ? header.Width : header.Height, header.MediaType);
    }

    private static (byte[] Bytes, int Orientation) Strip(byte[] data)
    {
        var orientation = ExifOrientation.Upright;
        using var output = new MemoryStream(data.Length);
        output.Write(data, 0, 2);
        var at = 2;
        while (at + 4 <= data.Length && data[at] == 0xFF && data[at + 1] is not (StartOfScan or EndOfImage))
        {
            if (data[at + 1] == 0xFF)
            {
                // A fill byte before a marker.
                at++;
                continue;
            }

            var end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at + 2));
            if (end > data.Length) break;
            var segment = data.AsSpan(at, end - at);
            if (data[at + 1] == App1 && orientation == ExifOrientation.Upright)
            {
                orientation = ExifOrientation.Read(segment);
                if (orientation != ExifOrientation.Upright) output.Write(ExifOrientation.Write(orientation));
            }
            else if (data[at + 1] is not (App1 or App13 or Comment))
            {
                output.Write(segment);
            }

            at = end;
        }

        output.Write(data, at, data.Length - at);
        return (output.ToArray(), orientation);
    }
}
