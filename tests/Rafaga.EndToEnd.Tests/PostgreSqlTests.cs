using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The main job with the memories in a real PostgreSQL.</summary>
public sealed class PostgreSqlTests
{
    [Fact]
    public async Task The_main_job_runs_on_PostgreSQL_and_survives_the_kill_of_both()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(("DATABASE_URL", server.Url("postgres")), ("RAFAGA__WINDOW__QUIETSECONDS", "4"));
        Assert.Contains("memories in PostgreSQL", rafaga.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgreSqlServer.Password, rafaga.Output, StringComparison.Ordinal);
        var first = await rafaga.CommandAsync(["send", "Mira estas fotos", .. SamplePhotos.Arguments(2), "--as", "ana", "--wait"]);
        Assert.Single(first["replies"]!.AsArray());

        // Both die inside the next window.
        await rafaga.SayAsync("ana", "Fue en la playa");
        await Eventually.TrueAsync(
            async () => (await rafaga.GetAsync("/api/batches?state=open"))["batches"]!.AsArray().Count == 1, "the message is in the window");
        await rafaga.KillAsync();
        await server.KillAsync();
        await server.RestartAsync();
        await rafaga.StartAgainAsync();
        await Eventually.TrueAsync(
            async () => (await rafaga.GetAsync("/api/batches?state=done"))["batches"]!.AsArray().Count == 2, "the second batch is done");

        Assert.Equal(2, (await rafaga.CommandAsync("memories", "search", "playa"))["memories"]!.AsArray().Count);
        Assert.Equal(2, (await rafaga.ChatAsync("ana")).Count(m => (bool)m!["is_bot"]!));
        Assert.Equal("2", await server.SqlAsync("SELECT count(*) FROM memories"));
    }
}
