using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>Which updates <c>getUpdates</c> gives.</summary>
public sealed class UpdateTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_text_has_the_shape_of_the_bot_api()
    {
        _host.People.SendText(_host.Ana, "  /start hola ");
        var update = Assert.Single(await _host.UpdatesAsync());
        var id = (long)update!["update_id"]!;
        var date = (_host.Time.GetUtcNow() - TimeSpan.FromSeconds(4)).ToUnixTimeSeconds();
        Assert.Equal(
            $$$"""
            {"update_id":{{{id}}},"message":{"message_id":1,
              "from":{"id":1001,"is_bot":false,"first_name":"Ana","username":"ana","language_code":"es"},
              "chat":{"id":1001,"first_name":"Ana","username":"ana","type":"private"},
              "date":{{{date}}},"text":"/start hola","entities":[{"offset":0,"length":6,"type":"bot_command"}]}}
            """.Replace("\n", "", StringComparison.Ordinal).Replace("  ", "", StringComparison.Ordinal),
            update.ToJsonString());
    }

    [Fact]
    public async Task Update_ids_are_sequential_over_all_chats_and_message_ids_within_one()
    {
        _host.People.SendText(_host.Ana, "a");
        _host.People.SendText(_host.Luis, "b");
        _host.People.SendText(_host.Ana, "c");
        var updates = await _host.UpdatesAsync();
        var first = (long)updates[0]!["update_id"]!;
        Assert.Equal([first, first + 1, first + 2], updates.Select(u => (long)u!["update_id"]!));
        Assert.Equal([1, 1, 2], updates.Select(u => (long)u!["message"]!["message_id"]!));
    }

    [Fact]
    public async Task What_is_not_confirmed_is_given_again()
    {
        _host.People.SendText(_host.Ana, "a");
        _host.People.SendText(_host.Ana, "b");
        Assert.Equal(["a", "b"], await _host.TextsAsync());
        Assert.Equal(["a", "b"], await _host.TextsAsync());
    }

    [Fact]
    public async Task An_offset_confirms_everything_below_it_for_good()
    {
        foreach (var text in (string[])["a", "b", "c"]) _host.People.SendText(_host.Ana, text);
        var first = (long)(await _host.UpdatesAsync())[0]!["update_id"]!;
        Assert.Equal(["b", "c"], await _host.TextsAsync(first + 1));
        Assert.Equal(["b", "c"], await _host.TextsAsync(first));
        Assert.Equal(["b", "c"], await _host.TextsAsync());
        Assert.Empty(await _host.TextsAsync(first + 3));
        _host.People.SendText(_host.Ana, "d");
        Assert.Equal(["d"], await _host.TextsAsync(first + 3));
    }

    [Fact]
    public async Task A_negative_offset_keeps_the_last_ones_and_forgets_the_others()
    {
        foreach (var text in (string[])["a", "b", "c", "d"]) _host.People.SendText(_host.Ana, text);
        Assert.Equal(["c", "d"], await _host.TextsAsync(-2));
        Assert.Equal(["c", "d"], await _host.TextsAsync());
        Assert.Equal(["c", "d"], await _host.TextsAsync(-100));
    }

    [Fact]
    public async Task An_offset_far_beyond_every_update_is_not_believed()
    {
        _host.People.SendText(_host.Ana, "a");
        var id = (long)(await _host.UpdatesAsync())[0]!["update_id"]!;
        Assert.Equal(["a"], await _host.TextsAsync(id + 12));
        Assert.Equal(["a"], await _host.TextsAsync(int.MaxValue));
        Assert.Empty(await _host.TextsAsync(id + 11));
    }

    [Fact]
    public async Task The_limit_is_held_between_1_and_100()
    {
        for (var i = 0; i < 101; i++) _host.People.SendText(_host.Ana, $"{i}");
        Assert.Single(await _host.UpdatesAsync(limit: 0));
        Assert.Equal(7, (await _host.UpdatesAsync(limit: 7)).Count);
        Assert.Equal(100, (await _host.UpdatesAsync(limit: 1000)).Count);
        _host.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(100, (await _host.CallAsync("getUpdates")).Body["result"]!.AsArray().Count);
    }

    [Fact]
    public async Task Updates_live_24_hours()
    {
        _host.People.SendText(_host.Ana, "old");
        _host.Time.Advance(TimeSpan.FromHours(12));
        _host.People.SendText(_host.Ana, "young");
        _host.Time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(10));
        Assert.Equal(["old", "young"], await _host.TextsAsync());
        _host.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["young"], await _host.TextsAsync());
        Assert.Equal(2, _host.People.Messages(_host.Ana).Count);
    }

    [Fact]
    public async Task Kinds_that_are_not_allowed_are_never_made_and_the_choice_sticks()
    {
        await _host.CallAsync("getUpdates?allowed_updates=[\"callback_query\",7]");
        _host.People.SendText(_host.Ana, "unseen");
        _host.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty((await _host.CallAsync("getUpdates")).Body["result"]!.AsArray());
        _host.Time.Advance(TimeSpan.FromSeconds(4));
        await _host.CallAsync("getUpdates?allowed_updates=[]");
        _host.People.SendText(_host.Ana, "seen");
        _host.Time.Advance(TimeSpan.FromSeconds(4));
        var update = Assert.Single((await _host.CallAsync("getUpdates")).Body["result"]!.AsArray());
        Assert.Equal("seen", (string?)update!["message"]!["text"]);
    }

    [Fact]
    public async Task Deleting_the_webhook_can_drop_what_waits()
    {
        _host.People.SendText(_host.Ana, "a");
        await _host.Bot.DeleteWebhookAsync(dropPendingUpdates: false, TestContext.Current.CancellationToken);
        Assert.Equal(["a"], await _host.TextsAsync());
        await _host.Bot.DeleteWebhookAsync(dropPendingUpdates: true, TestContext.Current.CancellationToken);
        Assert.Empty(await _host.TextsAsync());
        Assert.Equal("""{"ok":true,"result":true,"description":"Webhook is already deleted"}""", (await _host.CallAsync("deleteWebhook")).Body.ToJsonString());
    }

    [Fact]
    public async Task A_reply_carries_the_message_it_answers_one_level_deep()
    {
        var first = _host.People.SendText(_host.Ana, "a")[0].MessageId;
        var second = _host.People.SendText(_host.Ana, "b", first)[0].MessageId;
        var third = Assert.Single(_host.People.SendText(_host.Ana, "c", second));
        Assert.Equal(second, third.ReplyToMessageId);
        JsonNode reply = (await _host.UpdatesAsync())[2]!["message"]!["reply_to_message"]!;
        Assert.Equal("b", (string?)reply["text"]);
        Assert.Null(reply["reply_to_message"]);
    }
}
