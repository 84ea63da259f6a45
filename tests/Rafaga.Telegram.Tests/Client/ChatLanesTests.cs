namespace Rafaga.Telegram.Tests.Client;

public sealed class ChatLanesTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ChatLanes _lanes;

    public ChatLanesTests() => _lanes = new ChatLanes(_time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sends_into_one_chat_go_one_by_one_in_their_order()
    {
        var begun = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToList();
        var ends = begun.ConvertAll(_ => new TaskCompletionSource<int>());
        var sends = Enumerable.Range(0, 3).Select(i => _lanes.RunAsync(1, () => Begin(i), Cancellation)).ToList();
        for (var i = 0; i < 3; i++)
        {
            await begun[i].Task.WaitAsync(Cancellation);
            Assert.Equal(i + 1, begun.Count(b => b.Task.IsCompleted));
            ends[i].SetResult(i);
            Assert.Equal(i, await sends[i]);
        }

        Assert.Equal(0, _lanes.Count);

        Task<int> Begin(int number)
        {
            begun[number].SetResult();
            return ends[number].Task;
        }
    }

    [Fact]
    public async Task Chats_do_not_wait_for_each_other()
    {
        var stuck = new TaskCompletionSource<int>();
        var first = _lanes.RunAsync(1, () => stuck.Task, Cancellation);
        Assert.Equal(2, await _lanes.RunAsync(2, () => Task.FromResult(2), Cancellation));
        stuck.SetResult(1);
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task A_429_closes_the_lane_of_its_chat_for_exactly_as_long_as_it_says()
    {
        await Assert.ThrowsAsync<TelegramException>(() => _lanes.RunAsync<int>(1, () => throw TooMany(35), Cancellation));
        Assert.Equal(1, await _lanes.RunAsync(2, () => Task.FromResult(1), Cancellation));

        _time.Advance(TimeSpan.FromSeconds(30));
        var begun = false;
        var refused = await Assert.ThrowsAsync<TelegramException>(() => _lanes.RunAsync(1, () => Task.FromResult(begun = true), Cancellation));
        Assert.Equal((429, TimeSpan.FromSeconds(5), false), (refused.ErrorCode, refused.RetryAfter, begun));

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await _lanes.RunAsync(1, () => Task.FromResult(true), Cancellation));
        Assert.Equal(0, _lanes.Count);
    }

    [Fact]
    public async Task Who_gives_up_waiting_lets_the_others_pass()
    {
        var gate = new TaskCompletionSource<int>();
        var first = _lanes.RunAsync(1, () => gate.Task, Cancellation);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var second = _lanes.RunAsync(1, () => Task.FromResult(2), giveUp.Token);
        var third = _lanes.RunAsync(1, () => Task.FromResult(3), Cancellation);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.SetResult(1);
        Assert.Equal((1, 3), (await first, await third));
        Assert.Equal(0, _lanes.Count);
    }

    private static TelegramException TooMany(int seconds) => new("sendMessage", "Too Many Requests", 429) { RetryAfter = TimeSpan.FromSeconds(seconds) };
}
