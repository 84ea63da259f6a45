using Rafaga.Batching.Model;
using Xunit;

namespace Rafaga.Batching.Tests.Worker;

public sealed class RetryRulesTests
{
    private readonly BatchingOptions _options = new();

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(6, 64)]
    [InlineData(7, 120)]
    [InlineData(1000, 120)]
    public void The_bound_doubles_with_each_attempt_up_to_the_cap(int attempt, double boundSeconds)
    {
        Assert.Equal(TimeSpan.Zero, RetryRules.Delay(attempt, 0, _options));
        Assert.Equal(TimeSpan.FromSeconds(boundSeconds / 2), RetryRules.Delay(attempt, 0.5, _options));
        Assert.InRange(RetryRules.Delay(attempt, 0.999, _options), TimeSpan.Zero, TimeSpan.FromSeconds(boundSeconds));
    }
}
