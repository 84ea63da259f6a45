using Rafaga.Settings;

namespace Rafaga.Doctor;

/// <summary>Every check that the settings call for, all at once and each within its time.</summary>
internal static class Examination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceWithOthers = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Finding>> RunAsync(RafagaSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var findings = await Task.WhenAll(OurOwnAsync(settings, time, cancellationToken), OfOthersAsync(settings, time, cancellationToken));
        return [.. findings.SelectMany(finding => finding)];
    }

    /// <summary>This machine, the queue and the database: nobody counts these calls.</summary>
    public static Task<IReadOnlyList<Finding>> OurOwnAsync(RafagaSettings settings, TimeProvider time, CancellationToken cancellationToken) => AllAsync(
        Patience, time, cancellationToken,
        ("disk", _ => MachineChecks.RunAsync(settings)),
        ("queue", limit => QueueChecks.RunAsync(settings, time, limit)),
        ("database", limit => DatabaseChecks.RunAsync(settings, time, limit)));

    /// <summary>Telegram and the models: each of these calls is counted, and some cost money.</summary>
    public static Task<IReadOnlyList<Finding>> OfOthersAsync(RafagaSettings settings, TimeProvider time, CancellationToken cancellationToken) => AllAsync(
        PatienceWithOthers, time, cancellationToken,
        ("telegram", limit => TelegramChecks.RunAsync(settings, time, limit)),
        ("agent", limit => ModelChecks.RunAsync(settings, time, limit)));

    /// <summary>Signatures are refused beyond five minutes; half a minute is a clock that nobody sets.</summary>
    public static Finding? ClockOff(string name, string server, DateTimeOffset theirs, DateTimeOffset ours)
    {
        var off = (theirs - ours).Duration();
        return off < TimeSpan.FromSeconds(30) ? null : new Finding(name, off < TimeSpan.FromMinutes(5) ? Verdict.Warning : Verdict.Failed, texts => texts["DoctorClock", server, off.TotalSeconds]);
    }

    private static async Task<IReadOnlyList<Finding>> AllAsync(
        TimeSpan patience, TimeProvider time, CancellationToken cancellationToken, params (string Name, Func<CancellationToken, Task<IReadOnlyList<Finding>>> Run)[] checks)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var findings = await Task.WhenAll(checks.Select(async check =>
        {
            try
            {
                return await check.Run(linked.Token).WaitAsync(linked.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return [new Finding(check.Name, Verdict.Failed, texts => texts["DoctorSlow", patience.TotalSeconds])];
            }
        }));
        return [.. findings.SelectMany(finding => finding)];
    }
}
