using Rafaga.Resources;
using Rafaga.Settings;

namespace Rafaga.Doctor;

/// <summary>Every check that the settings call for, all at once.</summary>
internal static class Examination
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(RafagaSettings settings, Texts texts, TimeProvider time, CancellationToken cancellationToken)
    {
        var findings = await Task.WhenAll(
            MachineChecks.RunAsync(settings, texts),
            TelegramChecks.RunAsync(settings, texts, time, cancellationToken),
            QueueChecks.RunAsync(settings, texts, time, cancellationToken),
            DatabaseChecks.RunAsync(settings, texts, time, cancellationToken),
            ModelChecks.RunAsync(settings, texts, time, cancellationToken));
        return [.. findings.SelectMany(finding => finding)];
    }

    /// <summary>Signatures are refused beyond five minutes; half a minute is a clock that nobody sets.</summary>
    public static Finding? ClockOff(string name, string server, DateTimeOffset theirs, DateTimeOffset ours, Texts texts)
    {
        var off = (theirs - ours).Duration();
        return off < TimeSpan.FromSeconds(30) ? null : new Finding(name, off < TimeSpan.FromMinutes(5) ? Verdict.Warning : Verdict.Failed, texts["DoctorClock", server, off.TotalSeconds]);
    }
}
