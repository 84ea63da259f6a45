using System.Globalization;
using Rafaga.Batching;

namespace Rafaga.CrashTarget;

/// <summary>What the process that is killed and the test that kills it agree on.</summary>
public static class Target
{
    private static readonly Lock Gate = new();

    /// <summary>Quick windows and leases, so that a few seconds hold hundreds of batches.</summary>
    public static BatchingOptions Options { get; } = new()
    {
        QuietPeriod = TimeSpan.FromMilliseconds(10),
        MaxWait = TimeSpan.FromMilliseconds(40),
        MaxMessages = 7,
        LeaseDuration = TimeSpan.FromMilliseconds(250),
        LeaseRenewal = TimeSpan.FromMilliseconds(100),
        MaxCrashes = 1000,
    };

    public static ConversationId Conversation(int number) => new(string.Create(CultureInfo.InvariantCulture, $"c{number}"));

    /// <summary>A whole line at a time, and at once: what was said before the end must be heard.</summary>
    public static void Say(string line)
    {
        lock (Gate)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
