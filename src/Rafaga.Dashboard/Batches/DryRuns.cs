using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Rafaga.Batching;
using Rafaga.Dashboard.Backend;

namespace Rafaga.Dashboard.Batches;

/// <summary>What became of the wish to try a batch.</summary>
/// <param name="View">What it would do; null when that is not known.</param>
/// <param name="Status">HTTP status that says as much.</param>
/// <param name="Reason">Why it is not known: the key of a text.</param>
/// <param name="Detail">What the backend says about it.</param>
public sealed record DryRunAnswer(DryRunView? View, int Status, string? Reason = null, string? Detail = null)
{
    internal string Line(Resources.Texts texts) => Detail is null ? texts[Reason!] : $"{texts[Reason!]} {Detail}";
}

/// <summary>Has the backend try a batch as it lies in the queue, which is only read.</summary>
internal sealed class DryRuns(BackendClient backend, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public async Task<DryRunAnswer> TryAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (!backend.Exists) return new DryRunAnswer(null, StatusCodes.Status501NotImplemented, "DryRunForeign");
        if (batch.Messages.Count == 0) return new DryRunAnswer(null, StatusCodes.Status409Conflict, "DryRunEmpty");
        if (DeliveryBody.Of(batch, time.GetUtcNow()) is not { } body) return new DryRunAnswer(null, StatusCodes.Status409Conflict, "DryRunUnreadable");

        // A model takes longer than a process that is told to end may wait.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var answer = await AskAsync(body, either.Token);
        if (answer.Value is { } view) return new DryRunAnswer(view, StatusCodes.Status200OK);
        return answer.Status switch
        {
            StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => new DryRunAnswer(null, StatusCodes.Status501NotImplemented, "DryRunForeign"),
            StatusCodes.Status409Conflict => new DryRunAnswer(null, StatusCodes.Status409Conflict, "DryRunErased"),
            StatusCodes.Status429TooManyRequests => new DryRunAnswer(null, StatusCodes.Status429TooManyRequests, "DryRunDaily"),
            null => new DryRunAnswer(null, StatusCodes.Status502BadGateway, "DryRunAway"),
            _ => new DryRunAnswer(null, StatusCodes.Status502BadGateway, "DryRunFailed", answer.Error),
        };
    }

    private async Task<BackendAnswer<DryRunView>> AskAsync(byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            return await backend.DryRunAsync(body, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new BackendAnswer<DryRunView>(null, null);
        }
    }
}
