using System.Text.Json;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>How <c>getUpdates</c> waits.</summary>
public sealed class LongPollTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_ends_with_the_first_message()
    {
        var poll = PollAsync(45);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        _host.People.SendText(_host.Ana, "hola");
        Assert.Equal("hola", Assert.Single(await poll).GetProperty("message").GetProperty("text").GetString());
    }

    [Fact]
    public async Task It_ends_empty_when_its_time_is_over()
    {
        var poll = PollAsync(45);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        _host.Time.Advance(TimeSpan.FromSeconds(44));
        Assert.False(poll.IsCompleted);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await poll);
        Assert.Equal(0, _host.Time.ArmedTimers);
    }

    [Fact]
    public async Task It_waits_at_most_50_seconds()
    {
        var poll = PollAsync(600);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        _host.Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Empty(await poll);
    }

    [Fact]
    public async Task A_second_one_ends_the_first_with_409_and_goes_on_itself()
    {
        var first = PollAsync(45);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        var second = PollAsync(45);
        var e = await Assert.ThrowsAsync<TelegramException>(() => first);
        Assert.Equal(409, e.ErrorCode);
        Assert.Equal("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", e.Description);
        _host.People.SendText(_host.Ana, "hola");
        Assert.Single(await second);
    }

    [Fact]
    public async Task Bots_that_fight_are_told_of_it_every_three_seconds_only()
    {
        var first = PollAsync(45);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        var second = PollAsync(45);
        await Assert.ThrowsAsync<TelegramException>(() => first);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        var third = PollAsync(45);
        // The second waits for its answer, the third for updates.
        await _host.Time.WaitForTimerAsync(TimeSpan.FromSeconds(3), Cancellation);
        await _host.Time.WaitForTimersAsync(2, Cancellation);
        Assert.False(second.IsCompleted);
        _host.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(409, (await Assert.ThrowsAsync<TelegramException>(() => second)).ErrorCode);
        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task One_that_can_be_answered_at_once_leaves_another_waiting()
    {
        var first = PollAsync(45);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        _host.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(await PollAsync(0));
        _host.People.SendText(_host.Ana, "hola");
        Assert.Single(await first);
    }

    [Fact]
    public async Task The_same_question_within_three_seconds_is_made_a_wait_of_three_seconds()
    {
        Assert.Empty(await PollAsync(0));
        var hasty = PollAsync(0);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        _host.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(await hasty);
    }

    [Fact]
    public async Task The_same_question_within_half_a_second_gets_one_update()
    {
        _host.People.SendText(_host.Ana, "a");
        _host.People.SendText(_host.Ana, "b");
        Assert.Equal(2, (await PollAsync(0)).Count);
        Assert.Single(await PollAsync(0));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await PollAsync(0)).Count);
    }

    [Fact]
    public async Task A_bot_that_hangs_up_leaves_its_updates_to_the_next_poll()
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var poll = _host.Bot.GetUpdatesAsync(null, 100, TimeSpan.FromSeconds(45), [], hangUp.Token);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        _host.People.SendText(_host.Ana, "hola");
        Assert.Equal(["hola"], await _host.TextsAsync());
    }

    [Fact]
    public async Task A_stopping_server_lets_its_poll_go()
    {
        var poll = PollAsync(45);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        await _host.StopAsync().WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Cancellation);
        Assert.Equal("Internal Server Error: restart", (await Assert.ThrowsAsync<TelegramException>(() => poll)).Description);
    }

    private Task<IReadOnlyList<JsonElement>> PollAsync(int seconds) => _host.Bot.GetUpdatesAsync(null, 100, TimeSpan.FromSeconds(seconds), [], Cancellation);
}
