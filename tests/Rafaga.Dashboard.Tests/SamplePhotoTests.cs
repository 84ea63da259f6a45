using System.Text;
using Rafaga.Dashboard.Pages;
using Rafaga.Dashboard.Resources;
using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed class SamplePhotoTests
{
    [Fact]
    public async Task Every_photo_of_a_burst_ships_small_and_with_its_date()
    {
        await using var app = await DashboardApp.StartAsync();
        var names = Burst.All(Texts.For("en"), Texts.For("es")).SelectMany(b => b.Steps).SelectMany(s => s.Photos).Distinct(StringComparer.Ordinal);

        foreach (var name in names)
        {
            var bytes = await app.Http.GetByteArrayAsync($"/samples/{name}", TestContext.Current.CancellationToken);
            Assert.InRange(bytes.Length, 10_000, 60 * 1024);
            Assert.Equal([0xFF, 0xD8, 0xFF, 0xE1], bytes[..4]);
            Assert.Matches("2026:0[0-9]:[0-9]{2} [0-9]{2}:[0-9]{2}:00", Encoding.Latin1.GetString(bytes, 0, 200));
        }
    }

    [Fact]
    public void The_worked_example_is_two_texts_and_three_photos()
    {
        var worked = Burst.All(Texts.For("es"), Texts.For("es")).Single(b => b.Name == "worked");

        Assert.Equal([0, 2, 3, 5, 7], worked.Steps.Select(s => s.At));
        Assert.Equal([0, 0, 1, 1, 1], worked.Steps.Select(s => s.Photos.Count));
    }
}
