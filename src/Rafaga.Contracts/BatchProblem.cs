namespace Rafaga.Contracts;

/// <summary>What a backend answers with any status but 200 and 202.</summary>
/// <param name="Error">One line that says what is wrong.</param>
/// <param name="Type">One of <see cref="BatchProblemType"/>; null where the status says all.</param>
public sealed record BatchProblem(string Error, string? Type = null);

/// <summary>The values of <see cref="BatchProblem.Type"/>.</summary>
public static class BatchProblemType
{
    /// <summary>With 503: the model's vendor asks to wait.</summary>
    public const string ModelBusy = "model_busy";

    /// <summary>With 503: the model does not answer, or with errors of its own.</summary>
    public const string ModelUnavailable = "model_unavailable";

    /// <summary>With 503: key, permission or money; nothing works until the operator has seen to it.</summary>
    public const string ModelBlocked = "model_blocked";

    /// <summary>With 422: the model's vendor refuses this batch; the same again would be refused again.</summary>
    public const string ModelRejected = "model_rejected";
}
