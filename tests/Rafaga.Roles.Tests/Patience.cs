using Rafaga.Testing;
using Xunit;

namespace Rafaga.Roles.Tests;

/// <summary>Waits for conditions, letting virtual time pass meanwhile where it is asked to.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until something is so.</summary>
    /// <param name="condition">What to wait for.</param>
    /// <param name="clock">Moves on by <paramref name="step"/> between two looks, as long as <paramref name="idle"/> is true.</param>
    /// <param name="step">How far.</param>
    /// <param name="idle">No call is on its way that the moving clock could time out.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, ManualTimeProvider? clock = null, TimeSpan step = default, Func<bool>? idle = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var since = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(since) > Limit) throw new TimeoutException("The condition did not come about.");
            if (clock is not null && idle?.Invoke() != false) clock.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        }
    }

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));
}
