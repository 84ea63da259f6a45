using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Rafaga.Telegram.Tests.Pictures;

public sealed class ImageHeaderTests
{
    public static TheoryData<string, byte[], ImageKind, int, int> Known => new()
    {
        { "jpeg", Picture.Jpeg(640, 480), ImageKind.Jpeg, 640, 480 },
        { "jpeg with exif", Picture.Jpeg(4000, 3000, Picture.Exif()), ImageKind.Jpeg, 4000, 3000 },
        { "jpeg with a fill byte", Picture.Jpeg(10, 20, [0xFF]), ImageKind.Jpeg, 10, 20 },
        { "png", Picture.Png(800, 600), ImageKind.Png, 800, 600 },
        { "gif", Picture.Gif(500, 300), ImageKind.Gif, 500, 300 },
        { "webp, lossy", Picture.WebPLossy(1024, 768), ImageKind.WebP, 1024, 768 },
        { "webp, lossless", Picture.WebPLossless(1024, 768), ImageKind.WebP, 1024, 768 },
        { "webp, extended", Picture.WebPExtended(9000, 5000), ImageKind.WebP, 9000, 5000 },
        { "the longest side", Picture.Png(10_000, 5_000), ImageKind.Png, 10_000, 5_000 },
    };

    public static TheoryData<string, byte[]> Unknown => new()
    {
        { "nothing", [] },
        { "svg", Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>") },
        { "html", Encoding.UTF8.GetBytes("<!doctype html><script>alert(1)</script>") },
        { "zip", [.. "PK"u8, 3, 4, .. new byte[60]] },
        { "bmp", [.. "BM"u8, .. new byte[60]] },
        { "jpeg without a frame", Picture.Jpeg()[..20] },
        { "jpeg whose scan comes before its frame", [0xFF, 0xD8, .. Picture.Segment(0xDA, [1, 1, 0, 0, 63, 0]), .. Picture.Segment(0xC0, [8, 0, 9, 0, 9, 1, 1, 0x11, 0])] },
        { "jpeg with a segment of length 0", [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, .. new byte[40]] },
        { "no width", Picture.Png(0, 10) },
        { "no height", Picture.Jpeg(10, 0) },
        { "one pixel too wide", Picture.Png(10_001, 1) },
        { "too many pixels", Picture.Png(8_000, 6_251) },
        { "a bomb", Picture.Png(1, 500_000_000) },
        { "sizes that do not fit an int", Picture.Png(uint.MaxValue, uint.MaxValue) },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void The_kind_and_size_are_read_from_the_content(string what, byte[] data, ImageKind kind, int width, int height)
    {
        Assert.True(ImageHeader.TryRead(data, out var header), what);
        Assert.Equal(new ImageHeader(kind, width, height), header);
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public void Everything_else_is_no_picture(string what, byte[] data) => Assert.False(ImageHeader.TryRead(data, out _), what);

    [Theory]
    [MemberData(nameof(Known))]
    public void Cut_off_at_any_byte_it_is_read_rightly_or_refused(string what, byte[] data, ImageKind kind, int width, int height)
    {
        for (var length = 0; length < data.Length; length++)
        {
            if (ImageHeader.TryRead(data.AsSpan(0, length), out var header)) Assert.True(new ImageHeader(kind, width, height) == header, $"{what}, {length} bytes");
        }
    }

    [Fact]
    public void Random_bytes_behind_a_known_start_never_throw()
    {
        byte[][] starts = [[0xFF, 0xD8, 0xFF], Picture.Png(1, 1)[..16], Picture.Gif(1, 1)[..6], Picture.WebPLossy(1, 1)[..16], Picture.WebPExtended(1, 1)[..16], []];
        var files = from start in Gen.Elements(starts) from rest in ArbMap.Default.ArbFor<byte[]>().Generator select (byte[])[.. start, .. rest];
        Prop.ForAll(files.ToArbitrary(), data => !ImageHeader.TryRead(data, out var header) || (header.Width is > 0 and <= ImageHeader.MaxSide && header.Height is > 0 and <= ImageHeader.MaxSide))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void A_changed_byte_anywhere_never_throws()
    {
        foreach (var (_, data, _, _, _) in Known.Select(row => row.Data))
        {
            for (var at = 0; at < data.Length; at++)
            {
                foreach (byte value in (byte[])[0x00, 0x01, 0x7F, 0x80, 0xD8, 0xDA, 0xFE, 0xFF])
                {
                    var changed = (byte[])data.Clone();
                    changed[at] = value;
                    ImageHeader.TryRead(changed, out _);
                }
            }
        }
    }
}
