using Rafaga.Backend.Photos;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Photos;

public sealed class FolderTests
{
    [Fact]
    public void What_was_on_its_way_when_a_process_died_goes_at_a_later_start_and_nothing_else()
    {
        using var place = new TemporaryFolder();
        var now = new DateTimeOffset(2026, 5, 2, 10, 0, 0, TimeSpan.Zero);
        foreach (var (file, age) in new[] { ("incoming/a.part", 25), ("incoming/b/c.jpg", 25), ("incoming/d.part", 1), ("ab/abc.jpg", 25) })
        {
            var path = place.File(file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            System.IO.File.WriteAllText(path, "x");
            System.IO.File.SetLastWriteTimeUtc(path, (now - TimeSpan.FromHours(age)).UtcDateTime);
            if (Path.GetFileName(Path.GetDirectoryName(path)) == "b") Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(path)!, (now - TimeSpan.FromHours(age)).UtcDateTime);
        }

        new PhotoFolder(place.Path).Create(now);

        Assert.Equal(["ab/abc.jpg", "incoming/d.part"], Directory.EnumerateFiles(place.Path, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(place.Path, path)).Order(StringComparer.Ordinal));
    }
}
