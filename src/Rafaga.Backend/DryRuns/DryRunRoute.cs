using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Reading;
using Rafaga.Contracts;

namespace Rafaga.Backend.DryRuns;

/// <summary><c>POST /api/batches/dry-run</c> with the body of <c>POST /webhook/batch</c>: what the batch would do, or one line that says why that cannot be known.</summary>
internal static class DryRunRoute
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(BatchEndpoint.DryRunPath, RunAsync);

    // Bound to the connection, other than a delivery: what nobody waits for need not be paid for.
    private static async Task<IResult> RunAsync(HttpRequest http, DryRun dryRun, CancellationToken cancellationToken)
    {
        if (await SignedRequest.ReadBodyAsync(http, BatchEndpoint.MaxBodyBytes, cancellationToken) is not { } body)
            return ReadingRoutes.Fault($"The body is over {BatchEndpoint.MaxBodyBytes} bytes.", StatusCodes.Status413PayloadTooLarge);
        if (!BatchBody.TryParse(body, out var request, out var fault)) return ReadingRoutes.Fault(fault);
        var (view, refusal) = await dryRun.RunAsync(request, cancellationToken);
        return view is not null ? TypedResults.Json(view, DryRunJson.Default.DryRunView) : ReadingRoutes.Fault(refusal!.Error, refusal.Status);
    }
}

/// <param name="BatchId">The batch.</param>
/// <param name="Reply">What the person would be told; null when nothing.</param>
/// <param name="Question">What that asks; null when it asks nothing.</param>
/// <param name="Milliseconds">How long it took, photos and all.</param>
/// <param name="Messages">Messages of the batch.</param>
/// <param name="LeftOut">Of these, taken by other batches, or from before an erasure.</param>
/// <param name="SavedByCode">Files that the model left out.</param>
/// <param name="Changes">What would be written.</param>
/// <param name="Runs">What the models did.</param>
/// <param name="Total">What all of it took.</param>
internal sealed record DryRunView(
    string BatchId, string? Reply, string? Question, long Milliseconds, int Messages, int LeftOut, int SavedByCode, IReadOnlyList<PlannedChange> Changes, IReadOnlyList<RunView> Runs, RunTotal Total);

/// <summary>Rows that would be written.</summary>
/// <param name="Row">person, event, invite, photo, memory, question, conversation, message, reply, description or run.</param>
/// <param name="Change">added or changed.</param>
/// <param name="Count">How many alike.</param>
internal sealed record PlannedChange(string Row, string Change, int Count = 1)
{
    /// <summary>The memory that would change.</summary>
    public Guid? Id { get; init; }

    /// <summary>Of an event; the handle of a photo; the words of a question.</summary>
    public string? Name { get; init; }

    /// <summary>The memory that this batch has made of the same message before.</summary>
    public Guid? Exists { get; init; }

    public IReadOnlyList<PlannedField> Fields { get; init; } = [];
}

/// <summary>One value, before and after.</summary>
internal sealed record PlannedField(string Field, string? Old, string? New);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DryRunView))]
internal sealed partial class DryRunJson : JsonSerializerContext;
