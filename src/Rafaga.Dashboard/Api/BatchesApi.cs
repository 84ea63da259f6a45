using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rafaga.Batching;
using Rafaga.Dashboard.Backend;
using Rafaga.Dashboard.Batches;
using Rafaga.Dashboard.Resources;
using Rafaga.Dashboard.Windows;

namespace Rafaga.Dashboard.Api;

internal static class BatchesApi
{
    public static void MapBatches(this IEndpointRouteBuilder routes)
    {
        var batches = routes.MapGroup("/api/batches");
        batches.MapGet("", ListAsync);
        batches.MapGet("/{id}", FindAsync);
        batches.MapPost("/{id}/replay", (string id, IBatchStore store, CancellationToken cancellationToken) => ChangeAsync(id, store.ReplayAsync(new BatchId(id), cancellationToken)));
        batches.MapPost("/{id}/discard", (string id, IBatchStore store, CancellationToken cancellationToken, string? note = null) =>
            ChangeAsync(id, store.DiscardAsync(new BatchId(id), note, cancellationToken)));
        batches.MapPost("/{id}/dry-run", DryRunAsync);
    }

    private static async Task<Results<JsonHttpResult<BatchPageJson>, JsonHttpResult<ErrorJson>>> ListAsync(
        [AsParameters] BatchFilter filter, Conversations conversations, BatchFinder finder, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!filter.TryRead(conversations, time.LocalTimeZone, out var search, out var fault)) return Answers.BadRequest(fault);
        var page = await finder.FindAsync(search, cancellationToken);
        return TypedResults.Json(new BatchPageJson([.. page.Batches.Select(Describe)], page.Next?.Value), DashboardJson.Default.BatchPageJson);
    }

    private static async Task<Results<JsonHttpResult<BatchJson>, JsonHttpResult<ErrorJson>>> FindAsync(
        string id, IBatchInspector inspector, MessageReader reader, CancellationToken cancellationToken)
    {
        if (await inspector.FindAsync(new BatchId(id), cancellationToken) is not { } batch) return Answers.NotFound($"No batch {id} is known.");
        var whole = Describe(batch) with { Messages = [.. batch.Messages.Select(m => Describe(m, reader))], Deliveries = Notes.Of(batch).Attempts };
        return TypedResults.Json(whole, DashboardJson.Default.BatchJson);
    }

    private static async Task<Results<NoContent, JsonHttpResult<ErrorJson>>> ChangeAsync(string id, ValueTask<DeadLetterOutcome> change) => await change switch
    {
        DeadLetterOutcome.Changed => TypedResults.NoContent(),
        DeadLetterOutcome.NotFound => Answers.NotFound($"No batch {id} is known."),
        _ => Answers.Refuse(StatusCodes.Status409Conflict, $"Batch {id} is not in the dead letters."),
    };

    private static async Task<Results<JsonHttpResult<DryRunView>, JsonHttpResult<ErrorJson>>> DryRunAsync(
        string id, IBatchInspector inspector, DryRuns dryRuns, CancellationToken cancellationToken)
    {
        if (await inspector.FindAsync(new BatchId(id), cancellationToken) is not { } batch) return Answers.NotFound($"No batch {id} is known.");
        var answer = await dryRuns.TryAsync(batch, cancellationToken);
        return answer.View is { } view
            ? TypedResults.Json(view, BackendJson.Default.DryRunView)
            : Answers.Refuse(answer.Status, answer.Line(Texts.For(null)));
    }

    private static BatchJson Describe(BatchInfo batch) => new(
        batch.Id.Value,
        batch.Conversation.Value,
        batch.State.Name(),
        batch.CloseReason?.Name(),
        batch.OpenedAt,
        batch.LastAppendedAt,
        batch.SealedAt,
        batch.EndedAt,
        batch.State.HasEnded() ? null : batch.DueAt,
        batch.SealedAt is { } sealedAt ? Math.Round((sealedAt - batch.OpenedAt).TotalSeconds, 3) : null,
        batch.MessageCount,
        batch.PhotoCount,
        batch.ByteCount,
        batch.Attempt,
        batch.Crashes,
        batch.Fence,
        batch.Error,
        batch.Note);

    private static BatchMessageJson Describe(StoredMessage stored, MessageReader reader)
    {
        var face = reader.Read(stored.Message.Body.Span);
        return new BatchMessageJson(
            stored.Message.Id, stored.Sequence, stored.AppendedAt, stored.Message.Group, face.Kind, face.Snippet, face.PhotoUrl, Raw(stored.Message.Body));
    }

    // Bodies are JSON by convention only; any other text is shown as a JSON string.
    private static JsonElement Raw(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(body.Span), DashboardJson.Default.String);
        }
    }
}
