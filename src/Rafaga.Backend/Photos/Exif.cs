using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Jpeg;

namespace Rafaga.Backend.Photos;

/// <summary>What the camera wrote into a picture.</summary>
/// <param name="TakenAt">When it was taken, by the camera's own clock.</param>
/// <param name="Place">Where it was taken, as <see cref="Delivery.Place"/> writes it.</param>
internal readonly record struct Exif(DateTime? TakenAt, string? Place)
{
    // The one kind of block that holds both: the readers of the other kinds bring whole XML and code page libraries into memory.
    private static readonly IJpegSegmentMetadataReader[] Readers = [new ExifReader()];

    // Tags come from strangers: any failure of the reader means that the file does not say.
    public static Exif Read(byte[] content)
    {
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            var blocks = JpegMetadataReader.ReadMetadata(stream, Readers);
            return new Exif(
                blocks.OfType<ExifSubIfdDirectory>().Select(Taken).FirstOrDefault(taken => taken is not null),
                blocks.OfType<GpsDirectory>().Select(Where).FirstOrDefault(place => place is not null));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return default;
        }
    }

    private static DateTime? Taken(ExifSubIfdDirectory exif) =>
        exif.TryGetDateTime(ExifDirectoryBase.TagDateTimeOriginal, out var taken) && taken.Year > 1 ? DateTime.SpecifyKind(taken, DateTimeKind.Unspecified) : null;

    // Cameras without reception write zeros.
    private static string? Where(GpsDirectory gps) => gps.GetGeoLocation() is { IsZero: false } found ? Delivery.Place.Of(found.Latitude, found.Longitude)?.ToString() : null;
}
