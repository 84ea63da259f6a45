using System.Text.Json.Nodes;
using Rafaga.Telegram.Tests.Simulator;

namespace Rafaga.Telegram.Tests.Control;

/// <summary>The live chat as server-sent events.</summary>
public sealed class ChatStreamTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Messages_of_both_sides_and_typing_are_shown_as_they_happen()
    {
        using var stream = await OpenAsync("ana");
        _host.People.SendText(_host.Luis, "elsewhere");
        _host.People.SendText(_host.Ana, "hola");
        await _host.Bot.SendChatActionAsync(1001, "typing", null, Cancellation);
        await _host.Bot.SendMessageAsync(1001, "¡hola!", null, Cancellation);
        var first = await NextAsync(stream);
        Assert.Equal(["event: message", "id: 1"], first[..2]);
        Assert.Equal("hola", (string?)Data(first)["text"]);
        Assert.Equal(["event: typing", "data: {}"], await NextAsync(stream));
        var reply = Data(await NextAsync(stream));
        Assert.Equal((2, true), ((long)reply["message_id"]!, (bool)reply["is_bot"]!));
    }

    [Fact]
    public async Task A_line_every_15_seconds_keeps_it_open()
    {
        using var stream = await OpenAsync("ana");
        for (var i = 0; i < 3; i++)
        {
            await _host.Time.WaitForTimersAsync(1, Cancellation);
            _host.Time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal([": beat"], await NextAsync(stream));
        }

        _host.People.SendText(_host.Ana, "hola");
        Assert.Equal("event: message", (await NextAsync(stream))[0]);
    }

    [Fact]
    public async Task A_reader_that_comes_back_gets_what_it_missed()
    {
        foreach (var text in (string[])["a", "b", "c"]) _host.People.SendText(_host.Ana, text);
        using var stream = await OpenAsync("ana", lastSeen: "1");
        _host.People.SendText(_host.Ana, "d");
        Assert.Equal("b", (string?)Data(await NextAsync(stream))["text"]);
        Assert.Equal("c", (string?)Data(await NextAsync(stream))["text"]);
        Assert.Equal("d", (string?)Data(await NextAsync(stream))["text"]);
    }

    [Fact]
    public async Task Two_readers_see_the_same()
    {
        using var one = await OpenAsync("ana");
        using var two = await OpenAsync("ana", lastSeen: "nonsense");
        _host.People.SendText(_host.Ana, "hola");
        Assert.Equal(await NextAsync(one), await NextAsync(two));
    }

    [Fact]
    public async Task A_stopping_server_does_not_wait_for_readers()
    {
        using var stream = await OpenAsync("ana");
        await _host.StopAsync().WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Cancellation);
        Assert.Null(await stream.ReadLineAsync(Cancellation));
    }

    private static JsonNode Data(IEnumerable<string> lines) => JsonNode.Parse(lines.Single(l => l.StartsWith("data: ", StringComparison.Ordinal))[6..])!;

    // Lines up to the next empty one.
    private static async Task<string[]> NextAsync(StreamReader stream)
    {
        List<string> lines = [];
        while (await stream.ReadLineAsync(Cancellation) is { Length: > 0 } line) lines.Add(line);
        return [.. lines];
    }

    private async Task<StreamReader> OpenAsync(string username, string? lastSeen = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/simulator/chats/{username}/events");
        if (lastSeen is not null) request.Headers.Add("Last-Event-ID", lastSeen);
        var response = await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        var stream = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal(["event: hello", "data: {}"], await NextAsync(stream));
        return stream;
    }
}
