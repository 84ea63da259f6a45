using System.Text;
using Rafaga.Telegram.Simulator;

namespace Rafaga.Telegram.Tests.Pictures;

public sealed class CompressedPhotoTests
{
    [Fact]
    public void Exif_xmp_iptc_and_comments_go_and_everything_else_stays()
    {
        var plain = Picture.Jpeg(640, 480);
        var full = Picture.Jpeg(
            640, 480, Picture.Exif(), Picture.Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x/>"u8.ToArray()), Picture.Segment(0xED, "Photoshop 3.0"u8.ToArray()), Picture.Segment(0xFE, "hello"u8.ToArray()));
        Assert.Equal(plain, CompressedPhoto.From(full).Bytes);
    }

    [Fact]
    public void Colour_profiles_stay()
    {
        var coloured = Picture.Jpeg(640, 480, Picture.Segment(0xE2, "ICC_PROFILE\0"u8.ToArray()), Picture.Segment(0xEE, "Adobe"u8.ToArray()));
        Assert.Equal(coloured, CompressedPhoto.From(coloured).Bytes);
    }

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(3, false, true)]
    [InlineData(6, true, true)]
    [InlineData(6, true, false)]
    [InlineData(8, true, false)]
    public void Of_the_exif_only_the_orientation_stays_so_that_the_picture_stands_upright(int orientation, bool sideways, bool bigEndian)
    {
        var photo = CompressedPhoto.From(Picture.Jpeg(640, 480, Picture.Exif(orientation, "2026:05:02 17:30:00", bigEndian)));
        Assert.Equal(sideways ? (480, 640) : (640, 480), (photo.Width, photo.Height));
        Assert.DoesNotContain("2026:05:02", Encoding.Latin1.GetString(photo.Bytes), StringComparison.Ordinal);
        Assert.Equal(Picture.Jpeg(640, 480, orientation == 1 ? [] : ExifOrientation.Write(orientation)), photo.Bytes);
        Assert.Equal(orientation, ExifOrientation.Read(orientation == 1 ? Picture.Exif() : ExifOrientation.Write(orientation)));
    }

    [Fact]
    public void Metadata_behind_a_fill_byte_is_found()
    {
        var photo = CompressedPhoto.From(Picture.Jpeg(640, 480, [0xFF], Picture.Exif()));
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(photo.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_was_a_picture_stays_the_same_picture_however_broken_it_is()
    {
        var whole = Picture.Jpeg(640, 480, Picture.Exif(6), Picture.Segment(0xFE, "hello"u8.ToArray()));
        for (var at = 2; at < whole.Length; at++)
        {
            foreach (byte value in (byte[])[0x00, 0x01, 0x10, 0xD9, 0xDA, 0xE1, 0xFF])
            {
                var changed = (byte[])whole.Clone();
                changed[at] = value;
                AssertSame(changed);
            }

            AssertSame(whole[..at]);
        }
    }

    [Fact]
    public void Other_formats_are_untouched()
    {
        var png = Picture.Png(20, 10);
        Assert.Same(png, CompressedPhoto.From(png).Bytes);
    }

    private static void AssertSame(byte[] data)
    {
        if (!ImageHeader.TryRead(data, out var before)) return;
        var photo = CompressedPhoto.From(data);
        Assert.True(ImageHeader.TryRead(photo.Bytes, out var after));
        Assert.Equal(before, after);
    }
}
