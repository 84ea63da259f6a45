using Rafaga.Backend.Models;
using Rafaga.Resources;
using Rafaga.Settings;

namespace Rafaga.Doctor;

/// <summary>Whether the models answer, each with one token.</summary>
internal static class ModelChecks
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(RafagaSettings settings, Texts texts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (settings.Backend.Url is { } backend) return [new Finding(texts["DoctorAgent"], Verdict.Ok, texts["DoctorOwnBackend", backend])];
        return await Task.WhenAll(
            CheckAsync(texts["DoctorAgent"], ModelSettings.Agent(settings), texts, time, cancellationToken),
            CheckAsync(texts["DoctorPhotos"], ModelSettings.Photos(settings), texts, time, cancellationToken));
    }

    private static async Task<Finding> CheckAsync(string name, ModelOptions model, Texts texts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (model.Provider == ModelProvider.Offline) return new Finding(name, Verdict.Ok, texts["DoctorOffline"]);
        var result = await ModelCheck.RunAsync(model, time, cancellationToken);
        return result.Error is { } error
            ? new Finding(name, Verdict.Failed, texts["DoctorFailed", result.Model, error])
            : new Finding(name, Verdict.Ok, texts["DoctorOk", result.Model, result.Duration.TotalMilliseconds]);
    }
}
