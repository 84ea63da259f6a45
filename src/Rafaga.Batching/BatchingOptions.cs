using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Rafaga.Batching;

/// <summary>How messages are collected and how batches are worked on. Validated when the host starts.</summary>
public sealed class BatchingOptions
{
    /// <summary>How long nobody may write before the window closes; every message starts it anew. <value>The default is 12.5 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(12.5);

    /// <summary>The longest time a window stays open, however fast somebody types. <value>The default is 60 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A window with this many messages closes at once. <value>The default is 20.</value></summary>
    [Range(1, 10_000)]
    public int MaxMessages { get; set; } = 20;

    /// <summary>A window with this many photos closes at once. <value>The default is 10.</value></summary>
    [Range(1, 10_000)]
    public int MaxPhotos { get; set; } = 10;

    /// <summary>A window whose bodies have this many bytes closes at once; also the largest body of one message. <value>The default is 256 KiB.</value></summary>
    [Range(1, 64 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 256 * 1024;

    /// <summary>Up to this many messages, a group is not cut by a cap. <value>The default is 30.</value></summary>
    [Range(1, 10_000)]
    public int SoftMaxMessages { get; set; } = 30;

    /// <summary>Up to this many photos, a group is not cut by a cap. <value>The default is 16.</value></summary>
    [Range(1, 10_000)]
    public int SoftMaxPhotos { get; set; } = 16;

    /// <summary>How long a full window waits for further members of the group that filled it. <value>The default is 1 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan GroupGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a lease holds without renewal: the time that a crash of a worker costs. <value>The default is 15 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a lease is renewed. <value>The default is 5 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:30:00")]
    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Failed attempts after which a batch goes to the dead letters. <value>The default is 5.</value></summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Crashes after which a batch goes to the dead letters. <value>The default is 5.</value></summary>
    [Range(1, 1000)]
    public int MaxCrashes { get; set; } = 5;

    /// <summary>Upper bound of the first wait between attempts; it doubles with each one (full jitter: the wait is drawn between zero and the bound). <value>The default is 2 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryBase { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait between attempts. <value>The default is 2 min.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan RetryCap { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Batches that one worker processes at a time, each of another conversation. <value>The default is 16.</value></summary>
    [Range(1, 10_000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>How long a worker looks away at most: what a lost wake-up signal costs. <value>The default is 1 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan SafetyScan { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long running handlers may go on at shutdown before their batches are released. <value>The default is 10 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a message id is remembered, so that a second append of it is a no-op. <value>The default is 48 h.</value></summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan DuplicateRetention { get; set; } = TimeSpan.FromHours(48);

    /// <summary>How long done, superseded and cancelled batches stay readable; dead letters stay until somebody ends them. <value>The default is 7 days.</value></summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(7);
}

[OptionsValidator]
internal sealed partial class BatchingOptionsAttributes : IValidateOptions<BatchingOptions>;

internal sealed class BatchingOptionsRules : IValidateOptions<BatchingOptions>
{
    public ValidateOptionsResult Validate(string? name, BatchingOptions options)
    {
        List<string> faults = [];
        if (options.MaxWait < options.QuietPeriod)
            faults.Add($"MaxWait ({options.MaxWait}) must not be shorter than QuietPeriod ({options.QuietPeriod}).");
        if (options.SoftMaxMessages < options.MaxMessages)
            faults.Add($"SoftMaxMessages ({options.SoftMaxMessages}) must not be below MaxMessages ({options.MaxMessages}).");
        if (options.SoftMaxPhotos < options.MaxPhotos)
            faults.Add($"SoftMaxPhotos ({options.SoftMaxPhotos}) must not be below MaxPhotos ({options.MaxPhotos}).");
        if (options.LeaseRenewal * 2 > options.LeaseDuration)
            faults.Add($"LeaseRenewal ({options.LeaseRenewal}) must be at most half of LeaseDuration ({options.LeaseDuration}), or one lost renewal loses the lease.");
        if (options.RetryCap < options.RetryBase)
            faults.Add($"RetryCap ({options.RetryCap}) must not be shorter than RetryBase ({options.RetryBase}).");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
