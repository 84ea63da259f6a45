using Microsoft.Extensions.AI;
using Rafaga.Backend.Models;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Models;

/// <summary>When a model is asked again at once, when the batch waits in the queue, and when nobody is let through.</summary>
public sealed class PatienceTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly Queue<Func<CancellationToken, Task<ChatResponse>>> _script = new();
    private readonly PatientChatClient _client;
    private int _asked;

    public PatienceTests() => _client = new PatientChatClient(new Scripted(this), TimeSpan.FromSeconds(60), _time, new Random(7));

    [Theory]
    [InlineData("Unavailable")]
    [InlineData("Unreachable")]
    [InlineData("Unusable")]
    [InlineData("RateLimited")]
    public async Task A_passing_fault_is_tried_again_after_a_short_wait(string fault)
    {
        Fails(fault, retryAfter: fault == "RateLimited" ? 2 : null);
        Answers();
        Assert.Equal("well", (await PassingTimeAsync(AskAsync())).Text);
        Assert.Equal(2, _asked);
    }

    [Theory]
    [InlineData("Blocked")]
    [InlineData("Rejected")]
    [InlineData("TooLong")]
    public async Task What_waiting_does_not_mend_is_not_tried_again(string fault)
    {
        Fails(fault);
        var failure = await Assert.ThrowsAsync<ModelException>(AskAsync);
        Assert.Equal(fault, failure.Fault.ToString());
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task Three_tries_are_enough_and_then_nobody_gets_through_for_a_while()
    {
        for (var i = 0; i < 3; i++) Fails("Unavailable");
        var failure = await Assert.ThrowsAsync<ModelException>(() => PassingTimeAsync(AskAsync()));
        Assert.Equal(3, _asked);
        Assert.InRange(failure.RetryAfter!.Value.TotalSeconds, 5, 6.25);

        var next = await Assert.ThrowsAsync<ModelException>(AskAsync);
        Assert.Equal((3, ModelFault.Unavailable), (_asked, next.Fault));
        Assert.InRange(next.RetryAfter!.Value, TimeSpan.FromMilliseconds(1), failure.RetryAfter.Value);

        _time.Advance(failure.RetryAfter.Value);
        Answers();
        Assert.Equal("well", (await AskAsync()).Text);
    }

    [Fact]
    public async Task Pauses_grow_while_failures_go_on_and_one_answer_ends_them()
    {
        var pauses = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            for (var t = 0; t < 3; t++) Fails("Unreachable");
            var failure = await Assert.ThrowsAsync<ModelException>(() => PassingTimeAsync(AskAsync()));
            pauses.Add(failure.RetryAfter!.Value.TotalSeconds);
            _time.Advance(failure.RetryAfter.Value);
        }

        Assert.True(pauses[0] < pauses[2] && pauses[2] < pauses[4], string.Join(' ', pauses));
        Assert.InRange(pauses[^1], 120, 150);

        Answers();
        await AskAsync();
        for (var t = 0; t < 3; t++) Fails("Unreachable");
        Assert.InRange((await Assert.ThrowsAsync<ModelException>(() => PassingTimeAsync(AskAsync()))).RetryAfter!.Value.TotalSeconds, 5, 6.25);
    }

    [Fact]
    public async Task A_long_wait_is_not_spent_here_and_holds_for_everybody()
    {
        Fails("RateLimited", retryAfter: 30);
        Assert.Equal(30, (await Assert.ThrowsAsync<ModelException>(AskAsync)).RetryAfter!.Value.TotalSeconds);
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, (await Assert.ThrowsAsync<ModelException>(AskAsync)).RetryAfter!.Value.TotalSeconds);
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromSeconds(1));
        Answers();
        await AskAsync();
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_blocked_account_is_asked_again_after_five_minutes()
    {
        Fails("Blocked");
        Assert.Equal(300, (await Assert.ThrowsAsync<ModelException>(AskAsync)).RetryAfter!.Value.TotalSeconds);
        _time.Advance(TimeSpan.FromSeconds(299));
        await Assert.ThrowsAsync<ModelException>(AskAsync);
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromSeconds(1));
        Answers();
        await AskAsync();
    }

    [Theory]
    [InlineData("Rejected")]
    [InlineData("TooLong")]
    public async Task A_request_that_is_refused_stops_no_other(string fault)
    {
        Fails(fault);
        Assert.Null((await Assert.ThrowsAsync<ModelException>(AskAsync)).RetryAfter);
        Answers();
        await AskAsync();
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_not_asked_for_twice_here()
    {
        _script.Enqueue(async _ =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            return new ChatResponse();
        });
        var asking = AskAsync();
        _time.Advance(TimeSpan.FromSeconds(60));
        var failure = await Assert.ThrowsAsync<ModelException>(() => asking);
        Assert.Equal((1, ModelFault.Unreachable), (_asked, failure.Fault));
        Assert.Contains("60 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_told_to_stop_stops_and_counts_as_no_failure()
    {
        using var stop = new CancellationTokenSource();
        _script.Enqueue(async token =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
            return new ChatResponse();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.GetResponseAsync("hello", null, stop.Token));
        Answers();
        await AskAsync();
    }

    public void Dispose() => _client.Dispose();

    private Task<ChatResponse> AskAsync() => _client.GetResponseAsync("hello", null, TestContext.Current.CancellationToken);

    private void Answers() => _script.Enqueue(_ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "well"))));

    private void Fails(string fault, double? retryAfter = null) =>
        _script.Enqueue(_ => throw new ModelException(Enum.Parse<ModelFault>(fault), "The model failed.", retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null));

    // Every wait ends as soon as it begins.
    private async Task<ChatResponse> PassingTimeAsync(Task<ChatResponse> asking)
    {
        while (!asking.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await asking;
    }

    private sealed class Scripted(PatienceTests test) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            test._asked++;
            return test._script.Dequeue()(cancellationToken);
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Nobody streams here.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
