using Rafaga.Backend.Models;
using Rafaga.Settings;

namespace Rafaga.Doctor;

/// <summary>Whether the models answer, each with one token.</summary>
internal static class ModelChecks
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(RafagaSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (settings.Backend.Url is { } backend) return [new Finding("agent", Verdict.Ok, texts => texts["DoctorOwnBackend", backend])];
        return await Task.WhenAll(
            CheckAsync("agent", ModelSettings.Agent(settings), time, cancellationToken),
            CheckAsync("photos", ModelSettings.Photos(settings), time, cancellationToken));
    }

    private static async Task<Finding> CheckAsync(string name, ModelOptions model, TimeProvider time, CancellationToken cancellationToken)
    {
        if (model.Provider == ModelProvider.Offline) return new Finding(name, Verdict.Ok, texts => texts["DoctorOffline"]);
        var result = await ModelCheck.RunAsync(model, time, cancellationToken);
        return result.Error is { } error
            ? new Finding(name, Verdict.Failed, texts => texts["DoctorFailed", result.Model, error])
            : new Finding(name, Verdict.Ok, texts => texts["DoctorOk", result.Model, result.Duration.TotalMilliseconds]);
    }
}
