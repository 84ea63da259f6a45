using System.Diagnostics;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The small machine that a family's bot lives on.</summary>
public sealed class MemoryAtRestTests
{
    [Fact]
    public async Task After_bursts_of_photos_and_a_look_at_the_page_it_comes_to_rest_below_150_MB()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        for (var burst = 1; burst <= 6; burst++)
        {
            await rafaga.SendPhotosAsync("ana", album: false, [.. Enumerable.Range(0, 3).Select(SamplePhotos.Path)]);
            await rafaga.SayAsync("ana", $"fue el cumpleaños número {burst}");
            var replies = burst;
            await Eventually.TrueAsync(async () => (await rafaga.ChatAsync("ana")).Count(m => (bool)m!["is_bot"]!) == replies, "the reply");
        }

        using (await rafaga.Http.GetAsync("/?as=ana", TestContext.Current.CancellationToken))
        {
            await Eventually.TrueAsync(() => Task.FromResult(ResidentMegabytes(rafaga) <= 150), "at most 150 MB are resident");
        }
    }

    private static long ResidentMegabytes(RafagaProcess rafaga)
    {
        using var process = Process.GetProcessById(rafaga.Id);
        return process.WorkingSet64 >> 20;
    }
}
