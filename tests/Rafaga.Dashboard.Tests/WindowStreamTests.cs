using System.Text.Json.Nodes;
using Rafaga.Dashboard.Windows;
using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed class WindowStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_event_comes_at_once_and_the_next_one_with_a_change()
    {
        await using var app = await DashboardApp.StartAsync();
        using var stream = await EventStream.OpenAsync(app, "/api/windows/events?chat=1001");
        Assert.Empty((await stream.NextAsync())["windows"]!.AsArray());

        await app.AppendTextAsync("Hola");
        var window = (await stream.NextAsync())["windows"]!.AsArray().Single()!;
        Assert.Equal("open", (string?)window["state"]);

        await app.AppendTextAsync("¿Estás?");
        Assert.Equal(2, (int)(await stream.NextAsync())["windows"]![0]!["message_count"]!);

        app.Time.Advance(TimeSpan.FromSeconds(13));
        await app.WorkAsync();
        Assert.Empty((await stream.NextAsync())["windows"]!.AsArray());
    }

    [Fact]
    public async Task What_happens_in_another_chat_sends_nothing()
    {
        await using var app = await DashboardApp.StartAsync();
        using var stream = await EventStream.OpenAsync(app, "/api/windows/events?chat=1001");
        await stream.NextAsync();

        await app.AppendTextAsync("Hi", chat: 1002);
        await app.AppendTextAsync("Hola");

        Assert.Equal("Hola", (string?)(await stream.NextAsync())["windows"]![0]!["messages"]![0]!["text"]);
    }

    [Fact]
    public async Task A_quiet_stream_gives_a_sign_of_life()
    {
        await using var app = await DashboardApp.StartAsync();
        using var stream = await EventStream.OpenAsync(app, "/api/windows/events");
        await stream.NextAsync();

        Assert.StartsWith(":", await stream.LineAsync(line => line.StartsWith(':')), StringComparison.Ordinal);
        Assert.True(app.Time.Elapsed >= WindowStream.Heartbeat);
    }

    [Fact]
    public async Task Proxies_are_told_not_to_hold_it_back()
    {
        await using var app = await DashboardApp.StartAsync();
        using var stream = await EventStream.OpenAsync(app, "/api/windows/events");

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no", stream.Response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.True(stream.Response.Headers.CacheControl!.NoCache);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_those_who_listen()
    {
        var app = await DashboardApp.StartAsync();
        using var stream = await EventStream.OpenAsync(app, "/api/windows/events");
        await stream.NextAsync();

        await app.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Cancellation);
    }

    /// <summary>Reads events while it lets the server's clock run on.</summary>
    private sealed class EventStream(DashboardApp app, HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        public HttpResponseMessage Response => response;

        public static async Task<EventStream> OpenAsync(DashboardApp app, string path)
        {
            var response = await app.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            return new EventStream(app, response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation)));
        }

        public async Task<JsonNode> NextAsync()
        {
            const string Data = "data: ";
            return JsonNode.Parse((await LineAsync(line => line.StartsWith(Data, StringComparison.Ordinal)))[Data.Length..])!;
        }

        public async Task<string> LineAsync(Predicate<string> wanted)
        {
            while (true)
            {
                var line = reader.ReadLineAsync(Cancellation).AsTask();
                while (!line.IsCompleted)
                {
                    await app.Time.WaitForTimersAsync(1, Cancellation);
                    app.Time.Advance(WindowStream.LookEvery);
                    await Task.WhenAny(line, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation));
                }

                if (wanted(await line ?? throw new EndOfStreamException())) return line.Result!;
            }
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
        }
    }
}
