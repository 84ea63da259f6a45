using Rafaga.Backend;
using Rafaga.Settings;

namespace Rafaga.Doctor;

/// <summary>Whether the memories' database answers and what the next start would change in it.</summary>
internal static class DatabaseChecks
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(RafagaSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        const string Name = "database";
        if (settings.Backend.Url is not null) return [];
        var result = await StoreCheck.RunAsync(settings.Database.Url ?? $"sqlite:{Path.Combine(settings.Data.Folder, "rafaga.db")}", cancellationToken);
        if (result.Error is { } error) return [new Finding(Name, Verdict.Failed, error)];
        var answer = new Finding(Name, Verdict.Ok, texts => texts[result.Pending == 0 ? "DoctorDatabase" : "DoctorDatabasePending", result.Database, result.Pending]);
        return result.Now is { } now && Examination.ClockOff(Name, result.Database, now, time.GetUtcNow()) is { } off ? [answer, off] : [answer];
    }
}
