using Rafaga.Telegram.Simulator;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Telegram.Tests.Pictures;
using Rafaga.Telegram.Tests.Simulator;
using Rafaga.Telegram.Tests.Webhooks;

namespace Rafaga.Telegram.Tests.Faults;

/// <summary>Updates that come twice, late, or in another order.</summary>
public sealed class UpdateFaultTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_update_comes_once_more_after_it_was_confirmed()
    {
        _host.People.Faults.Add(new Fault(FaultKind.DuplicateUpdate));
        _host.People.SendText(_host.Ana, "a");
        _host.People.SendText(_host.Ana, "b");
        var first = await _host.UpdatesAsync();
        Assert.Equal(["a", "b"], first.Select(u => (string?)u!["message"]!["text"]));
        var next = await _host.UpdatesAsync((long)first[1]!["update_id"]! + 1);
        Assert.Equal(first[0]!.ToJsonString(), Assert.Single(next)!.ToJsonString());
        Assert.Empty(await _host.UpdatesAsync((long)first[1]!["update_id"]! + 1));
    }

    [Fact]
    public async Task An_update_whose_answer_was_lost_overtakes_none_when_it_comes_twice()
    {
        _host.People.Faults.Add(new Fault(FaultKind.DuplicateUpdate) { Skip = 1 });
        foreach (var text in (string[])["a", "b", "c"]) _host.People.SendText(_host.Ana, text);
        var lost = await _host.UpdatesAsync();
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a", "b", "c"], (await _host.UpdatesAsync((long)lost[0]!["update_id"]!)).Select(u => (string?)u!["message"]!["text"]));
        Assert.Equal("b", (string?)Assert.Single(await _host.UpdatesAsync((long)lost[2]!["update_id"]! + 1))!["message"]!["text"]);
    }

    [Fact]
    public async Task A_webhook_is_posted_an_update_twice()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await _host.ResultAsync("setWebhook", new { url = receiver.Url });
        _host.People.Faults.Add(new Fault(FaultKind.DuplicateUpdate) { Skip = 1 });
        foreach (var text in (string[])["a", "b", "c"]) _host.People.SendText(_host.Ana, text);
        await receiver.UntilAsync(4);
        Assert.Equal(["a", "b", "b", "c"], receiver.Texts);
    }

    [Fact]
    public async Task An_album_is_split_by_a_delay_on_the_way()
    {
        _host.People.Faults.Add(new Fault(FaultKind.DelayUpdate) { Skip = 2, Seconds = 20 });
        var album = _host.People.SendFiles(_host.Ana, [.. Enumerable.Range(1, 4).Select(n => new OutgoingFile($"{n}.jpg", Picture.Jpeg()))], album: true);
        Assert.Equal(4, album.Count);
        Assert.Equal([1, 2, 4], (await _host.UpdatesAsync()).Select(u => (long)u!["message"]!["message_id"]!));
        var poll = _host.Bot.GetUpdatesAsync((long)(await _host.UpdatesAsync())[2]!["update_id"]! + 1, 100, TimeSpan.FromSeconds(45), ["message"], Cancellation);
        await _host.Time.WaitForTimersAsync(2, Cancellation);
        Assert.False(poll.IsCompleted);
        _host.Time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(3, Assert.Single(await poll).GetProperty("message").GetProperty("message_id").GetInt64());
    }

    [Fact]
    public async Task A_held_update_survives_a_restart()
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTimeProvider();
        await using (var before = await SimulatorHost.StartAsync(folder.Path, time))
        {
            before.People.Faults.Add(new Fault(FaultKind.DelayUpdate) { Seconds = 20 });
            before.People.SendText(before.Ana, "late");
            before.People.SendText(before.Ana, "soon");
            Assert.Equal(["soon"], await before.TextsAsync());
        }

        await using var after = await SimulatorHost.StartAsync(folder.Path, time);
        Assert.Equal(["soon"], await after.TextsAsync());
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(["soon", "late"], await after.TextsAsync());
    }

    [Fact]
    public async Task An_album_is_sent_with_gaps_between_its_members()
    {
        var sending = _host.People.At(_host.Ana).SendAsync(
            new OutgoingMessage { Files = [.. Enumerable.Range(1, 3).Select(n => new OutgoingFile($"{n}.jpg", Picture.Jpeg()))], Album = true, Caption = "Playa" },
            [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)], Cancellation);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        Assert.Single(_host.People.Messages(_host.Ana));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        Assert.Equal(2, _host.People.Messages(_host.Ana).Count);
        _host.Time.Advance(TimeSpan.FromSeconds(30));
        var sent = await sending;
        Assert.Equal(31, sent[2].Date - sent[0].Date);
        Assert.Single(sent.Select(m => m.MediaGroupId).Distinct());
        Assert.Equal(["Playa", null, null], sent.Select(m => m.Caption));
    }

    [Fact]
    public async Task A_lost_post_is_overtaken_by_the_ones_behind_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await _host.ResultAsync("setWebhook", new { url = receiver.Url });
        _host.People.Faults.Add(new Fault(FaultKind.ReorderWebhook) { Seconds = 5 });
        _host.People.SendText(_host.Ana, "a");
        _host.People.SendText(_host.Luis, "elsewhere");
        await receiver.UntilAsync(1);
        _host.People.SendText(_host.Ana, "b");
        await receiver.UntilAsync(2);
        Assert.Equal(["elsewhere", "b"], receiver.Texts);
        await _host.Time.WaitForTimerAsync(TimeSpan.FromSeconds(5), Cancellation);
        _host.Time.Advance(TimeSpan.FromSeconds(5));
        await receiver.UntilAsync(3);
        _host.People.SendText(_host.Ana, "c");
        await receiver.UntilAsync(4);
        Assert.Equal(["elsewhere", "b", "a", "c"], receiver.Texts);
    }
}
