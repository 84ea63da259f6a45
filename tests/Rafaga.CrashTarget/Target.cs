using System.Globalization;
using Rafaga.Batching;

namespace Rafaga.CrashTarget;

/// <summary>What the processes that are killed and the test that kills them agree on.</summary>
public static class Target
{
    private static readonly Lock Gate = new();

    /// <summary>Quick windows and leases, so that a second holds hundreds of batches and a crash costs half a second.</summary>
    public static BatchingOptions Options { get; } = Configured();

    public static void Configure(BatchingOptions options)
    {
        options.QuietPeriod = TimeSpan.FromMilliseconds(30);
        options.MaxWait = TimeSpan.FromMilliseconds(150);
        options.MaxMessages = 7;
        options.LeaseDuration = TimeSpan.FromMilliseconds(500);
        options.LeaseRenewal = TimeSpan.FromMilliseconds(150);
        options.SafetyScan = TimeSpan.FromMilliseconds(100);
        options.RetryBase = TimeSpan.FromMilliseconds(10);
        options.RetryCap = TimeSpan.FromMilliseconds(100);
        options.ShutdownGrace = TimeSpan.FromSeconds(2);
        // A batch must survive every kill of a run.
        options.MaxAttempts = 1000;
        options.MaxCrashes = 1000;
    }

    public static ConversationId Conversation(int number) => new(string.Create(CultureInfo.InvariantCulture, $"c{number}"));

    public static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A whole line at a time, and at once: what was said before the end must be heard.</summary>
    public static void Say(FormattableString line)
    {
        lock (Gate)
        {
            Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
            Console.Out.Flush();
        }
    }

    private static BatchingOptions Configured()
    {
        var options = new BatchingOptions();
        Configure(options);
        return options;
    }
}
