using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Reading;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Changing;

/// <summary>
/// What the operator may do to a memory: <c>POST /api/memories/{id}/hide</c>, <c>/delete</c>, <c>/show</c> and <c>/undo?change=N</c>, each with the
/// <c>revision</c> that was seen, so that a request which is sent twice, or too late, changes nothing.
/// </summary>
internal sealed partial class OperatorChanges(Transactions transactions, Edits edits, Undo undo, MemoryReader reader, ILogger<OperatorChanges> logger)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map("hide", MemoryState.Hidden);
        Map("delete", MemoryState.Deleted);
        Map("show", MemoryState.Shown);
        routes.MapPost("/api/memories/{id:guid}/undo", (Guid id, OperatorChanges changes, CancellationToken cancellationToken, string? revision = null, string? change = null) =>
            changes.UndoAsync(id, revision, change, cancellationToken));

        void Map(string name, string state) =>
            routes.MapPost($"/api/memories/{{id:guid}}/{name}", (Guid id, OperatorChanges changes, CancellationToken cancellationToken, string? revision = null) =>
                changes.SetStateAsync(id, revision, state, cancellationToken));
    }

    private Task<IResult> SetStateAsync(Guid id, string? revision, string state, CancellationToken cancellationToken) =>
        ChangeAsync(id, revision, (db, memory) => Task.FromResult<string?>(edits.SetState(db, memory, state, RevisionSource.Operator) ? null : $"The memory is {state} already."), cancellationToken);

    private Task<IResult> UndoAsync(Guid id, string? revision, string? change, CancellationToken cancellationToken)
    {
        if (!TryNumber(change, out var number)) return Task.FromResult<IResult>(ReadingRoutes.Fault("change must be the number of a revision of the memory."));
        return ChangeAsync(
            id,
            revision,
            async (db, memory) => await undo.TakeBackAsync(db, memory.Id, [number], RevisionSource.Operator, cancellationToken)
                ? null
                : $"Revision {number.ToString(CultureInfo.InvariantCulture)} cannot be taken back: it was, what it changed has changed again since, or the owner has left the event.",
            cancellationToken);
    }

    private async Task<IResult> ChangeAsync(Guid id, string? revision, Func<MemoryDb, Memory, Task<string?>> change, CancellationToken cancellationToken)
    {
        if (!TryNumber(revision, out var seen)) return ReadingRoutes.Fault("revision must be the number of the memory's revision that you see.");
        var (found, conflict) = await transactions.RunAsync(
            $"memory {id}",
            async db =>
            {
                var memory = await db.Memories.IgnoreQueryFilters().AsTracking().SingleOrDefaultAsync(m => m.Id == id, cancellationToken);
                if (memory is null) return (false, null);
                if (memory.Revision != seen) return (true, $"The memory is at revision {memory.Revision.ToString(CultureInfo.InvariantCulture)} by now; look again.");
                var problem = await change(db, memory);
                if (problem is null) await db.SaveChangesAsync(cancellationToken);
                return (true, problem);
            },
            cancellationToken);
        if (!found) return ReadingRoutes.Missing("memory");
        if (conflict is not null) return ReadingRoutes.Fault(conflict, StatusCodes.Status409Conflict);
        var view = await reader.OneAsync(id, cancellationToken);
        LogChanged(id, view!.State, view.Revision);
        return TypedResults.Json(view, ReadingJson.Default.MemoryView);
    }

    private static bool TryNumber(string? text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    [LoggerMessage(Level = LogLevel.Information, Message = "[MEMORY] {MemoryId} changed by the operator: {State}, revision {Revision}")]
    private partial void LogChanged(Guid memoryId, string state, int revision);
}
