using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed class WindowsApiTests
{
    private static readonly HttpMethod Post = HttpMethod.Post;

    [Fact]
    public async Task An_open_window_shows_its_messages_and_its_countdown()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        app.Time.Advance(TimeSpan.FromSeconds(4));
        await app.AppendPhotoAsync("AQAD1", "Mira");
        app.Time.Advance(TimeSpan.FromSeconds(2));

        var answer = await app.GetAsync("/api/windows?chat=1001");

        var window = answer["windows"]![0]!;
        Assert.Equal("open", (string?)window["state"]);
        Assert.Equal(10.5, (double)window["seconds_left"]!);
        Assert.Equal(54, (double)window["max_wait_left"]!);
        Assert.Equal(1, (int)window["restarts"]!);
        Assert.Equal((1001, "Ana"), ((long)window["chat"]!, (string?)window["name"]));
        Assert.Equal("2026-05-02T10:00:06+00:00", (string?)answer["now"]);
        Assert.Equal(12.5, (double)answer["quiet_seconds"]!);
        Assert.Equal(("m1", "text", "Hola"), Face(window, 0));
        Assert.Equal(("m2", "photo", "Mira"), Face(window, 1));
        Assert.Equal("/simulator/files/AQAD1", (string?)window["messages"]![1]!["photo_url"]);
    }

    [Fact]
    public async Task A_running_batch_stands_beside_the_window_that_collects_behind_it()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("primero");
        app.Time.Advance(TimeSpan.FromSeconds(12.5));
        await app.Store.ClaimAsync(1, TestContext.Current.CancellationToken);
        await app.AppendTextAsync("después");

        var windows = (await app.GetAsync("/api/windows?chat=1001"))["windows"]!.AsArray();

        Assert.Equal(["open", "leased"], windows.Select(w => (string?)w!["state"]).Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public async Task Only_the_chat_that_is_asked_for_is_shown_and_all_without_one()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        await app.AppendTextAsync("Hi", chat: 1002);

        Assert.Single((await app.GetAsync("/api/windows?chat=1002"))["windows"]!.AsArray());
        Assert.Equal(2, (await app.GetAsync("/api/windows"))["windows"]!.AsArray().Count);
        Assert.Empty((await app.GetAsync("/api/windows?chat=9"))["windows"]!.AsArray());
    }

    [Fact]
    public async Task Ended_batches_are_not_windows()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        app.Time.Advance(TimeSpan.FromSeconds(13));
        await app.WorkAsync();

        Assert.Empty((await app.GetAsync("/api/windows"))["windows"]!.AsArray());
    }

    [Theory]
    [InlineData("{\"update_id\":1,\"message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":1,\"type\":\"private\"},\"sticker\":{}}}", "other")]
    [InlineData("{\"update_id\":1,\"edited_message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":1,\"type\":\"private\"},\"text\":\"x\"}}", "edit")]
    [InlineData("{\"update_id\":1,\"message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":1,\"type\":\"private\"},\"document\":{\"file_id\":\"a\",\"file_unique_id\":\"b\"}}}", "document")]
    [InlineData("{\"update_id\":1,\"message\":7}", "other")]
    [InlineData("null", "other")]
    [InlineData("no JSON at all", "other")]
    public async Task Every_message_has_a_kind_whatever_is_in_it(string body, string kind)
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendRawAsync("x", body);

        var window = (await app.GetAsync("/api/windows"))["windows"]![0]!;

        Assert.Equal(kind, (string?)window["messages"]![0]!["kind"]);
    }

    [Fact]
    public async Task A_long_text_is_cut_between_characters()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync(new string('a', 79) + "👩‍👩‍👧‍👦👩‍👩‍👧‍👦 and more");

        var text = (string)(await app.GetAsync("/api/windows"))["windows"]![0]!["messages"]![0]!["text"]!;

        Assert.Equal(new string('a', 79) + "👩‍👩‍👧‍👦…", text);
    }

    [Fact]
    public async Task Flush_closes_the_window_at_once()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        await app.AppendTextAsync("¿Estás?");

        var (status, body) = await app.SendAsync(Post, "/api/windows/1001/flush");

        Assert.Equal(200, status);
        Assert.Equal(2, (int)body["messages"]!);
        var batch = await app.GetAsync($"/api/batches/{body["batch_id"]}");
        Assert.Equal(("sealed", "flush"), ((string?)batch["state"], (string?)batch["close_reason"]));
    }

    [Fact]
    public async Task Flush_of_a_chat_without_a_window_is_not_found_and_says_so()
    {
        await using var app = await DashboardApp.StartAsync();

        var (status, body) = await app.SendAsync(Post, "/api/windows/1001/flush");

        Assert.Equal(404, status);
        Assert.Equal("Chat 1001 has no open window.", (string?)body["error"]);
    }

    [Fact]
    public async Task Cancel_ends_the_window_unprocessed()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");

        var (status, body) = await app.SendAsync(Post, "/api/windows/1001/cancel");

        Assert.Equal(200, status);
        Assert.Equal((1, 1, false), ((int)body["batches"]!, (int)body["messages"]!, (bool)body["running"]!));
        Assert.Equal(1, (int)(await app.GetAsync("/api/status"))["counts"]!["cancelled"]!);
    }

    [Fact]
    public async Task A_window_of_a_group_is_named_by_its_whole_key()
    {
        await using var app = await DashboardApp.StartAsync(simulated: false);
        const string Key = "telegram:77:-100123:5:42";
        await app.Store.AppendAsync(new(Key), new("m1", "{}"u8.ToArray()), TestContext.Current.CancellationToken);

        var (status, _) = await app.SendAsync(Post, $"/api/windows/{Uri.EscapeDataString(Key)}/flush");

        Assert.Equal(200, status);
    }

    [Theory]
    [InlineData("/api/windows?chat=ana")]
    [InlineData("/api/windows/events?chat=ana")]
    [InlineData("/api/windows?chat=telegram:1:2")]
    public async Task What_is_no_chat_is_refused_in_one_line(string path)
    {
        await using var app = await DashboardApp.StartAsync();

        var (status, body) = await app.SendAsync(HttpMethod.Get, path);

        Assert.Equal(400, status);
        Assert.DoesNotContain('\n', (string)body["error"]!);
    }

    private static (string?, string?, string?) Face(System.Text.Json.Nodes.JsonNode window, int index)
    {
        var message = window["messages"]![index]!;
        return ((string?)message["id"], (string?)message["kind"], (string?)message["text"]);
    }
}
