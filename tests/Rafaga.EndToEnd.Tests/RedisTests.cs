using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The main job with the queue in a real redis-server.</summary>
public sealed class RedisTests
{
    [Fact]
    public async Task The_main_job_runs_on_Redis_and_survives_the_kill_of_both()
    {
        using var folder = new TemporaryFolder();
        var port = RafagaProcess.FreePort();
        var redis = await StartRedisAsync(port, folder.Path);
        try
        {
            await using var rafaga = await RafagaProcess.StartAsync(
                ("REDIS_URL", $"redis://127.0.0.1:{port}"), ("RAFAGA__WINDOW__QUIETSECONDS", "4"));
            var first = await rafaga.CommandAsync(["send", "Mira estas fotos", .. SamplePhotos.Arguments(2), "--as", "ana", "--wait"]);
            Assert.Equal(3, (int)Assert.Single(first["batches"]!.AsArray())!["message_count"]!);
            Assert.Single(first["replies"]!.AsArray());

            // Both die inside the next window.
            await rafaga.SayAsync("ana", "Fue en la playa");
            await Eventually.TrueAsync(
                async () => (await rafaga.GetAsync("/api/batches?state=open"))["batches"]!.AsArray().Count == 1, "the message is in the window");
            await rafaga.KillAsync();
            redis.Kill();
            await redis.WaitForExitAsync(TestContext.Current.CancellationToken);
            redis.Dispose();
            redis = await StartRedisAsync(port, folder.Path);
            await rafaga.StartAgainAsync();
            await Eventually.TrueAsync(
                async () => (await rafaga.GetAsync("/api/batches?state=done"))["batches"]!.AsArray().Count == 2, "the second batch is done");
            var memories = (await rafaga.CommandAsync("memories", "search", "playa"))["memories"]!.AsArray();
            Assert.Equal(2, memories.Count);
            Assert.Equal(2, (await rafaga.ChatAsync("ana")).Count(m => (bool)m!["is_bot"]!));
        }
        finally
        {
            redis.Kill();
            await redis.WaitForExitAsync(CancellationToken.None);
            redis.Dispose();
        }
    }

    private static async Task<Process> StartRedisAsync(int port, string folder)
    {
        var redis = Process.Start(new ProcessStartInfo(
            "redis-server",
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--appendfsync", "always", "--save", ""])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        await Eventually.TrueAsync(() => AnswersAsync(port), "redis-server answers");
        return redis;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
