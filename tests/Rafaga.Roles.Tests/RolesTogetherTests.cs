using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Batching;
using Rafaga.Bot;
using Rafaga.Roles.Tests.Servers;
using Rafaga.Telegram;
using Rafaga.Telegram.Simulator;
using Rafaga.Testing;
using Rafaga.Worker;
using Xunit;

namespace Rafaga.Roles.Tests;

/// <summary>Bot, worker and simulator in one process, as the executable puts them together, on the real clock with a short window.</summary>
public sealed class RolesTogetherTests
{
    [Fact]
    public async Task A_burst_of_a_virtual_person_becomes_one_batch_and_one_reply_and_the_process_stops_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var backend = await ScriptedBackend.StartAsync();
        // The port is known only when the roles have been made.
        var server = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, stop) => ConnectAsync(server.Task, stop) }) { Timeout = Timeout.InfiniteTimeSpan };
        var app = await LoopbackApp.StartAsync(
            services =>
            {
                services.AddTelegramSimulator(new SimulatorOptions { Token = ScriptedBotApi.Token });
                services.AddSingleton(_ => new TelegramClient(http, new TelegramOptions { Token = ScriptedBotApi.Token, BaseUrl = new Uri("http://simulator.test") }, TimeProvider.System));
                services.AddBatching<JsonElement>(o => o.QuietPeriod = TimeSpan.FromSeconds(0.4)).UseInMemory();
                services.AddBot(new BotOptions { RejectedFolder = folder.File("rejected") });
                services.AddWorker(new WorkerOptions { BackendUrl = backend.Url, Secret = "a-secret-for-the-tests" });
            },
            web => web.MapTelegramSimulator(),
            TestContext.Current.CancellationToken);
        server.SetResult(app.BaseUrl);

        var simulator = app.Services.GetRequiredService<TelegramSimulator>();
        var ana = simulator.FindPerson("ana")!;
        foreach (var text in new[] { "Hola", "/ayuda", "mira", "esto" }) simulator.SendText(ana, text);
        await Eventually.TrueAsync(() => Task.FromResult(simulator.Messages(ana).Count(m => m.IsBot) >= 2), "help and reply");

        var posted = Assert.Single(backend.Posts);
        Assert.Equal(["Hola", "mira", "esto"], posted.Batch.Messages.Select(m => m.Update.GetProperty("message").GetProperty("text").GetString()));
        Assert.Equal(2, simulator.Messages(ana).Count(m => m.IsBot));
        Assert.Equal(ScriptedBackend.DefaultReply, simulator.Messages(ana)[^1].Text);

        var stoppingAt = TimeProvider.System.GetTimestamp();
        await app.DisposeAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(stoppingAt).TotalSeconds, 0, 5);
    }

    private static async ValueTask<Stream> ConnectAsync(Task<Uri> server, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, (await server).Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
