using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rafaga.Batching;
using Rafaga.Dashboard.Batches;

namespace Rafaga.Dashboard.Pages.Batches;

/// <summary>The pages that show batches, and what a person can do with one.</summary>
internal static class BatchPages
{
    private const int MaxNote = 500;

    public static void MapBatchPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/batches", ListAsync);
        routes.MapGet("/batches/{id}", ShowAsync);
        routes.MapPost("/batches/{id}/dry-run", DryRunAsync);
        // Nothing of a dry run is kept: whoever comes back to its address finds the batch.
        routes.MapGet("/batches/{id}/dry-run", (HttpContext context, string id) => TypedResults.Redirect(PageAddress.Of(context).To($"/batches/{id}")));
        routes.MapPost("/batches/{id}/replay", (HttpContext context, string id, IBatchStore store, CancellationToken cancellationToken) =>
            ChangeAsync(context, id, store.ReplayAsync(new BatchId(id), cancellationToken)));
        routes.MapPost("/batches/{id}/discard", async (HttpContext context, string id, IBatchStore store, CancellationToken cancellationToken) =>
            await ChangeAsync(context, id, store.DiscardAsync(new BatchId(id), Note((await context.Request.ReadFormAsync(cancellationToken))["note"]), cancellationToken)));
    }

    private static string? Note(string? written) => written?.Trim() switch
    {
        null or "" => null,
        { Length: > MaxNote } text => text[..MaxNote],
        { } text => text,
    };

    private static async Task<IResult> ListAsync(HttpContext context, IBatchInspector inspector, CancellationToken cancellationToken)
    {
        // An id leads to its batch.
        var asked = context.Request.Query["q"].ToString().Trim();
        if (Guid.TryParseExact(asked, "N", out _) && await inspector.FindAsync(new BatchId(asked.ToLowerInvariant()), cancellationToken) is { } batch)
            return TypedResults.Redirect(PageAddress.Of(context).To($"/batches/{batch.Id}"));
        return await PageRenderer.RenderAsync<BatchesPage>(context);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string id, IBatchInspector inspector, CancellationToken cancellationToken) =>
        await inspector.FindAsync(new BatchId(id), cancellationToken) is { } batch
            ? await PageRenderer.RenderAsync<BatchPage>(context, parameters: (nameof(BatchPage.Batch), batch))
            : await UnknownAsync(context, id);

    private static async Task<IResult> DryRunAsync(HttpContext context, string id, IBatchInspector inspector, DryRuns dryRuns, CancellationToken cancellationToken)
    {
        if (await inspector.FindAsync(new BatchId(id), cancellationToken) is not { } batch) return await UnknownAsync(context, id);
        var answer = await dryRuns.TryAsync(batch, cancellationToken);
        return await PageRenderer.RenderAsync<DryRunPage>(context, answer.Status, (nameof(DryRunPage.Batch), batch), (nameof(DryRunPage.Answer), answer));
    }

    private static Task<IResult> UnknownAsync(HttpContext context, string id) => PageRenderer.RenderAsync<Fault>(context, StatusCodes.Status404NotFound,
        (nameof(Fault.TitleKey), "Page_batches"), (nameof(Fault.LineKey), "NoSuchBatch"), (nameof(Fault.Value), id), (nameof(Fault.Back), "/batches"));

    // Whatever it met with, the batch shows as it is now: somebody else may have been faster.
    private static async Task<IResult> ChangeAsync(HttpContext context, string id, ValueTask<DeadLetterOutcome> change)
    {
        var outcome = await change;
        return TypedResults.Redirect(PageAddress.Of(context).To($"/batches/{id}", ("met", outcome == DeadLetterOutcome.NotDead ? "not_dead" : null)));
    }
}
