using Microsoft.Extensions.Options;
using Xunit;

namespace Rafaga.Batching.Tests;

public sealed class BatchingOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(Faults(_ => { }));

    [Fact]
    public void Rules_across_fields_are_sentences_with_both_values()
    {
        var faults = Faults(options =>
        {
            options.MaxWait = TimeSpan.FromSeconds(12);
            options.SoftMaxMessages = 19;
            options.SoftMaxPhotos = 9;
            options.LeaseRenewal = TimeSpan.FromSeconds(8);
            options.RetryCap = TimeSpan.FromSeconds(1);
        });
        Assert.Equal(
            [
                "MaxWait (00:00:12) must not be shorter than QuietPeriod (00:00:12.5000000).",
                "SoftMaxMessages (19) must not be below MaxMessages (20).",
                "SoftMaxPhotos (9) must not be below MaxPhotos (10).",
                "LeaseRenewal (00:00:08) must be at most half of LeaseDuration (00:00:15), or one lost renewal loses the lease.",
                "RetryCap (00:00:01) must not be shorter than RetryBase (00:00:02).",
            ],
            faults);
    }

    [Theory]
    [InlineData("QuietPeriod")]
    [InlineData("MaxWait")]
    [InlineData("GroupGrace")]
    [InlineData("LeaseDuration")]
    [InlineData("LeaseRenewal")]
    [InlineData("RetryBase")]
    [InlineData("RetryCap")]
    [InlineData("SafetyScan")]
    [InlineData("DuplicateRetention")]
    [InlineData("HistoryRetention")]
    [InlineData("MaxMessages")]
    [InlineData("MaxPhotos")]
    [InlineData("MaxBytes")]
    [InlineData("SoftMaxMessages")]
    [InlineData("SoftMaxPhotos")]
    [InlineData("MaxAttempts")]
    [InlineData("MaxCrashes")]
    [InlineData("Concurrency")]
    public void Zero_is_refused_by_name(string property)
    {
        var faults = Faults(options =>
        {
            var info = typeof(BatchingOptions).GetProperty(property)!;
            info.SetValue(options, Activator.CreateInstance(info.PropertyType));
        });
        Assert.Contains(faults, fault => fault.Contains(property, StringComparison.Ordinal) && fault.Contains("between", StringComparison.Ordinal));
    }

    private static List<string> Faults(Action<BatchingOptions> change)
    {
        var options = new BatchingOptions();
        change(options);
        IValidateOptions<BatchingOptions>[] validators = [new BatchingOptionsAttributes(), new BatchingOptionsRules()];
        return [.. validators.SelectMany(v => v.Validate(null, options).Failures ?? [])];
    }
}
