using System.Diagnostics;
using Rafaga.Backend.Photos.Look;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Photos;

public sealed class LookTests
{
    // One picture: two ways of colour, grey, half the size, other measures, all at once or bit by bit.
    private static readonly string[] Same = ["baseline-420", "progressive-420", "progressive-444", "small-422", "odd", "gray", "gray-progressive"];

    public static TheoryData<string> Samples => [.. Same, "other", "another"];

    [Fact]
    public void One_picture_looks_the_same_in_every_encoding_and_size()
    {
        var looks = Same.Select(name => JpegLook.Read(Sample(name))!.Value).ToList();
        Assert.All(looks, look => Assert.InRange(LookGrid.Distance(looks[0], look), 0, 3));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("another")]
    public void Another_picture_looks_different(string name) =>
        Assert.All(Same, same => Assert.InRange(LookGrid.Distance(JpegLook.Read(Sample(same))!.Value, JpegLook.Read(Sample(name))!.Value), 10, 64));

    [Theory]
    [InlineData("plain")]
    [InlineData("cmyk")]
    public void A_picture_without_steps_and_one_for_printers_have_no_look(string name) => Assert.Null(JpegLook.Read(Sample(name)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(80)]
    public void Restart_markers_do_not_change_how_a_picture_looks(int restart)
    {
        // 72 by 64 blocks: eight of each side in a cell. Two steps up, one down, and the other way round in every second row.
        var file = Pictures.Gray((x, y) => 128 + (((x / 8 % 3) - 1) * (y / 8 % 2 == 0 ? 40 : -40)), 576, 512, restart);
        Assert.Equal(0b11011011_00100100_11011011_00100100_11011011_00100100_11011011_00100100UL, JpegLook.Read(file));
    }

    [Fact]
    public void The_brightness_of_each_cell_is_compared_with_the_next_one()
    {
        var grid = new LookGrid(144, 128);
        for (var y = 0; y < 16; y++)
        {
            // Brighter to the right in the upper half, darker in the lower one; what is beyond the edge does not count.
            for (var x = 0; x < 20; x++) grid.Add(x, y, (y < 8 ? x : -x) * 80);
        }

        Assert.Equal(0xFFFFFFFF_00000000UL, grid.ToBits());
    }

    [Fact]
    public void Files_that_are_cut_off_or_no_pictures_have_no_look()
    {
        var file = Sample("baseline-420");
        Assert.All(Enumerable.Range(0, 100), percent => Assert.Null(JpegLook.Read(file.AsSpan(0, file.Length * percent / 100))));
        Assert.Null(JpegLook.Read(new byte[JpegLook.MaxBytes + 1]));
        Assert.Null(JpegLook.Read("\u0089PNG"u8));
    }

    [Fact]
    public void Twenty_thousand_broken_files_neither_crash_nor_take_long_nor_much_memory()
    {
        var random = new Random(20261123);
        var samples = Samples.Select(sample => Sample(sample.Data)).ToList();
        var slowest = TimeSpan.Zero;
        var read = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++)
        {
            var file = Mutate(samples[i % samples.Count], random);
            var started = Stopwatch.GetTimestamp();
            if (JpegLook.Read(file) is not null) read++;
            var took = Stopwatch.GetElapsedTime(started);
            if (took > slowest) slowest = took;
        }

        // The mutated copies themselves are most of it; a reader of ours takes some ten kilobytes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 20_000, 0, 100_000);
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        // Many must get through, or the mutations are too coarse to reach the decoder.
        Assert.InRange(read, 1000, 19_000);
    }

    [Theory]
    [InlineData(0xC4, 19)]
    [InlineData(0xDB, 67)]
    [InlineData(0xFE, 2)]
    public void A_file_of_nothing_but_segments_takes_no_memory_of_its_own(int marker, int length)
    {
        var segment = new byte[2 + length];
        (segment[0], segment[1], segment[3]) = (0xFF, (byte)marker, (byte)length);
        var file = new byte[JpegLook.MaxBytes / segment.Length * segment.Length];
        for (var at = 0; at < file.Length; at += segment.Length) segment.CopyTo(file.AsSpan(at));
        (file[0], file[1]) = (0xFF, 0xD8);
        segment.CopyTo(file.AsSpan(2));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(JpegLook.Read(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000);
    }

    [Fact]
    public void A_header_that_promises_fifty_million_pixels_ends_where_the_file_does()
    {
        var file = Sample("baseline-420");
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (file[frame + 5], file[frame + 6], file[frame + 7], file[frame + 8]) = (0x1B, 0x58, 0x1B, 0x58);
        var started = Stopwatch.GetTimestamp();
        Assert.Null(JpegLook.Read(file));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    internal static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Photos", "Samples", name + ".jpg"));

    private static byte[] Mutate(byte[] sample, Random random)
    {
        var file = sample.ToArray();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            // Half of it in the headers, where lengths and tables are.
            var at = random.Next(2) == 0 ? random.Next(2, Math.Min(700, file.Length)) : random.Next(2, file.Length);
            switch (random.Next(5))
            {
                case 0: file[at] = (byte)random.Next(256); break;
                case 1: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: file[at] = 0xFF; break;
                case 3: file = file[..Math.Max(3, at)]; break;
                default:
                    var length = Math.Min(random.Next(1, 64), file.Length - at);
                    file.AsSpan(random.Next(2, file.Length - length + 1), length).CopyTo(file.AsSpan(at));
                    break;
            }

            if (file.Length < 16) break;
        }

        return file;
    }
}
