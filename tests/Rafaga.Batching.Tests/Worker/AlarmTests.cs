using Rafaga.Batching.Worker;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Worker;

public sealed class AlarmTests
{
    private static readonly TimeProvider System = TimeProvider.System;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_never_rings_early()
    {
        using var alarm = new Alarm(System);
        var random = new Random(3);
        for (var i = 0; i < 50; i++)
        {
            var wait = TimeSpan.FromMicroseconds(random.Next(1, 8000));
            var setAt = System.GetTimestamp();
            await alarm.RingAfter(wait).WaitAsync(Cancellation);
            Assert.True(System.GetElapsedTime(setAt) >= wait);
        }
    }

    [Fact]
    public async Task Set_anew_it_forgets_what_it_was_set_to()
    {
        using var alarm = new Alarm(System);
        var first = alarm.RingAfter(TimeSpan.FromHours(1));
        var soon = alarm.RingAfter(TimeSpan.FromMilliseconds(1));
        await soon.WaitAsync(Eventually.Limit, System, Cancellation);
        Assert.False(first.IsCompleted);
        Assert.False(alarm.RingAfter(TimeSpan.FromHours(1)).IsCompleted);
    }

    [Fact]
    public void On_another_clock_it_rings_when_that_clock_says_so()
    {
        var time = new ManualTimeProvider();
        using var alarm = new Alarm(time);
        var forgotten = alarm.RingAfter(TimeSpan.FromSeconds(1));
        var rung = alarm.RingAfter(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.False(rung.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.True(rung.IsCompleted);
        Assert.False(forgotten.IsCompleted);
    }
}
