using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rafaga.Telegram.Tests.Client;

/// <summary>Connections that fail before, while and after a request is sent.</summary>
public sealed class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":true,")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"ok\"")]
    [InlineData("not http at all\r\n\r\n")]
    public async Task Cut_after_the_request_has_arrived_the_message_may_have_been_sent(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = TelegramClient.CreateHttpClient();
        var sending = Client(http, (IPEndPoint)listener.LocalEndpoint).SendMessageAsync(1, "x", null, Cancellation);
        await AnswerAndCutAsync(listener, answer);
        var e = await Assert.ThrowsAsync<TelegramException>(() => sending);
        Assert.Equal((true, null, "the connection was lost"), (e.OutcomeUnknown, e.ErrorCode, e.Description));
    }

    [Fact]
    public async Task A_download_that_is_cut_is_an_error_and_no_short_file()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = TelegramClient.CreateHttpClient();
        var downloading = Client(http, (IPEndPoint)listener.LocalEndpoint).DownloadAsync("photos/file_1.jpg", Cancellation);
        await AnswerAndCutAsync(listener, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
        await Assert.ThrowsAsync<TelegramException>(() => downloading);
    }

    [Fact]
    public async Task A_server_that_is_not_there_has_got_nothing()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var free = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();
        using var http = TelegramClient.CreateHttpClient();
        var e = await Assert.ThrowsAsync<TelegramException>(() => Client(http, free).SendMessageAsync(1, "x", null, Cancellation));
        Assert.Equal((false, "the server cannot be reached; check the base URL and the network"), (e.OutcomeUnknown, e.Description));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_has_got_nothing()
    {
        using var http = TelegramClient.CreateHttpClient();
        var client = new TelegramClient(http, new TelegramOptions { Token = ScriptedServer.Token, BaseUrl = new Uri("http://nowhere.invalid") }, TimeProvider.System);
        Assert.False((await Assert.ThrowsAsync<TelegramException>(() => client.SendMessageAsync(1, "x", null, Cancellation))).OutcomeUnknown);
    }

    [Fact]
    public async Task A_server_that_never_takes_the_connection_has_got_nothing()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(1),
            ConnectCallback = async (_, cancel) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                throw new InvalidOperationException("Nobody comes here.");
            },
        };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var e = await Assert.ThrowsAsync<TelegramException>(() => Client(http, new IPEndPoint(IPAddress.Loopback, 1)).SendMessageAsync(1, "x", null, Cancellation));
        Assert.Equal((false, "no answer in time"), (e.OutcomeUnknown, e.Description));
    }

    [Fact]
    public async Task Without_an_answer_the_call_ends_after_30_seconds_and_the_message_may_have_been_sent()
    {
        var time = new ManualTimeProvider();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ScriptedServer.StartAsync(
            async context =>
            {
                arrived.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            time);
        var sending = server.Client.SendMessageAsync(1, "x", null, Cancellation);
        await arrived.Task.WaitAsync(Cancellation);
        time.Advance(TelegramClient.CallTimeout - TimeSpan.FromSeconds(1));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<TelegramException>(() => sending);
        Assert.Equal((true, "no answer in time"), (e.OutcomeUnknown, e.Description));
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_a_cancellation_and_no_error()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sending = server.Client.SendMessageAsync(1, "x", null, giveUp.Token);
        await arrived.Task.WaitAsync(Cancellation);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    private static TelegramClient Client(HttpClient http, IPEndPoint server) =>
        new(http, new TelegramOptions { Token = ScriptedServer.Token, BaseUrl = new Uri($"http://{server}") }, TimeProvider.System);

    private static async Task AnswerAndCutAsync(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync(Cancellation);
        await using var stream = connection.GetStream();
        var head = new byte[4096];
        Assert.NotEqual(0, await stream.ReadAsync(head, Cancellation));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Cancellation);
    }
}
