using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Jpeg;

namespace Rafaga.Backend.Photos;

/// <summary>When the camera says that a picture was taken, by the camera's own clock.</summary>
internal static class ExifDate
{
    // The one kind of block that holds the date: the readers of the other kinds bring whole XML and code page libraries into memory.
    private static readonly IJpegSegmentMetadataReader[] Readers = [new ExifReader()];

    // Tags come from strangers: any failure of the reader means that the file does not say.
    public static DateTime? Read(byte[] content)
    {
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            foreach (var exif in JpegMetadataReader.ReadMetadata(stream, Readers).OfType<ExifSubIfdDirectory>())
            {
                if (exif.TryGetDateTime(ExifDirectoryBase.TagDateTimeOriginal, out var taken) && taken.Year > 1)
                    return DateTime.SpecifyKind(taken, DateTimeKind.Unspecified);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }

        return null;
    }
}
