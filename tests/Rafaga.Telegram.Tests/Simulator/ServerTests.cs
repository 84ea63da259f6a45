using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator;
using Rafaga.Telegram.Simulator.Faults;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>How the server keeps updates, names and doors.</summary>
public sealed class ServerTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task After_a_week_without_updates_the_ids_go_on_somewhere_else()
    {
        var ids = new List<long>();
        for (var week = 0; week < 4; week++)
        {
            _host.People.SendText(_host.Ana, $"{week}");
            var offset = ids.Count == 0 ? 0 : ids[^1] + 1;
            ids.Add((long)Assert.Single(await _host.UpdatesAsync(offset))!["update_id"]!);
            _host.Time.Advance(TimeSpan.FromDays(7));
        }

        Assert.All(ids.Zip(ids.Skip(1)), pair => Assert.NotEqual(pair.First + 1, pair.Second));
        Assert.Contains(ids.Zip(ids.Skip(1)), pair => pair.Second < pair.First);
    }

    [Fact]
    public async Task An_update_larger_than_64_KiB_is_never_made()
    {
        _host.People.At(_host.Ana).Send(new OutgoingMessage { Other = new JsonObject { ["poll"] = new JsonObject { ["question"] = new string('x', 64 * 1024) } } });
        _host.People.SendText(_host.Ana, new string('ñ', 4096));
        Assert.Equal(4096, Assert.Single(await _host.TextsAsync())!.Length);
        Assert.Equal(2, _host.People.Messages(_host.Ana).Count);
    }

    [Fact]
    public async Task What_is_older_than_a_day_when_it_arrives_is_no_update()
    {
        _host.People.Faults.Add(new Fault(FaultKind.DelayUpdate) { Seconds = 90_000 });
        _host.People.SendText(_host.Ana, "too late");
        _host.Time.Advance(TimeSpan.FromHours(25) + TimeSpan.FromSeconds(1));
        Assert.Empty(await _host.TextsAsync());
    }

    [Fact]
    public async Task An_edit_counts_from_its_own_date()
    {
        var id = _host.People.SendText(_host.Ana, "old")[0].MessageId;
        _host.Time.Advance(TimeSpan.FromHours(30));
        _host.People.At(_host.Ana).Edit(id, "new");
        Assert.Equal("new", (string?)Assert.Single(await _host.AllUpdatesAsync())!["edited_message"]!["text"]);
    }

    [Fact]
    public async Task A_waiting_poll_is_not_disturbed_by_what_the_bot_does_not_want()
    {
        var poll = _host.ResultAsync("getUpdates", new { timeout = 45, allowed_updates = new[] { "callback_query" } });
        await _host.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
        _host.People.SendText(_host.Ana, "unwanted");
        await _host.ResultAsync("deleteWebhook");
        Assert.False(poll.IsCompleted);
        await _host.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
        _host.Time.Advance(TimeSpan.FromSeconds(45));
        Assert.Empty((await poll).AsArray());
    }

    [Fact]
    public async Task Commands_are_kept_for_each_language_and_scope()
    {
        await SetAsync("es", null, "eventos");
        await SetAsync(null, null, "events");
        await SetAsync(null, new { type = "all_group_chats" }, "groups");
        Assert.Equal("eventos", await GetAsync("es", null));
        Assert.Equal("events", await GetAsync(null, new { type = "default" }));
        Assert.Equal("groups", await GetAsync(null, new { type = "all_group_chats" }));
        Assert.Null(await GetAsync("en", null));
        await _host.ResultAsync("deleteMyCommands", new { language_code = "es" });
        Assert.Null(await GetAsync("es", null));

        Task<JsonNode> SetAsync(string? language, object? scope, string command) =>
            _host.ResultAsync("setMyCommands", new { language_code = language, scope, commands = new[] { new { command, description = "x" } } });

        async Task<string?> GetAsync(string? language, object? scope) =>
            (string?)(await _host.ResultAsync("getMyCommands", new { language_code = language, scope })).AsArray().FirstOrDefault()?["command"];
    }

    [Fact]
    public async Task Chats_and_members_can_be_asked_for()
    {
        var group = _host.People.AddGroup(_host.Ana, "Familia");
        Assert.Equal(("ana", "private"), ((string?)(await _host.ResultAsync("getChat", new { chat_id = 1001 }))["username"], (string?)(await _host.ResultAsync("getChat", new { chat_id = 1001 }))["type"]));
        Assert.Equal("Familia", (string?)(await _host.ResultAsync("getChat", new { chat_id = group.Id }))["title"]);
        Assert.Equal("luis", (string?)(await _host.ResultAsync("getChatMember", new { chat_id = group.Id, user_id = 1002 }))["user"]!["username"]);
        Assert.Equal("member", (string?)(await _host.ResultAsync("getChatMember", new { chat_id = group.Id, user_id = 123456 }))["status"]);
        Assert.Equal((400, "Bad Request: chat not found"), await _host.ErrorAsync("getChat", new { chat_id = -1 }));
        await _host.ResultAsync("leaveChat", new { chat_id = group.Id });
        Assert.Equal((403, "Forbidden: bot is not a member of the supergroup chat"), await _host.ErrorAsync("getChat", new { chat_id = group.Id }));
    }

    [Fact]
    public async Task A_bot_that_logs_out_is_not_let_in_for_ten_minutes()
    {
        await _host.ResultAsync("logOut");
        Assert.Equal((400, "Logged out"), await _host.ErrorAsync("getMe"));
        _host.Time.Advance(TimeSpan.FromMinutes(10));
        await _host.ResultAsync("getMe");
    }

    [Fact]
    public async Task A_bot_cannot_close_in_its_first_ten_minutes()
    {
        _host.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal((429, "Too Many Requests: retry after 60"), await _host.ErrorAsync("close"));
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.ResultAsync("close");
    }
}
