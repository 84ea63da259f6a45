using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Rafaga.Contracts;

namespace Rafaga.Backend.Agent;

/// <summary>Carries out one tool call on the workbench. Whatever is wrong with the call goes back to the model as an error, never further.</summary>
internal sealed partial class Toolbox(Workbench workbench, string batchId, BackendMetrics metrics, TimeProvider time, ILogger logger)
{
    private const int HandleLength = 16;
    private const int NameLength = 80;
    private const int QueryLength = 200;
    private const int MaxListed = 50;
    private const int Listed = 20;

    public async Task<FunctionResultContent> CallAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        var tool = Known(call.Name);
        using var activity = BackendTrace.Source.StartActivity($"{TelemetryNames.ToolSpan} {tool}");
        activity?
            .SetTag("gen_ai.operation.name", TelemetryNames.ToolSpan)
            .SetTag("gen_ai.tool.name", tool)
            .SetTag("gen_ai.tool.type", "function")
            .SetTag("gen_ai.tool.call.id", call.CallId);
        var started = time.GetTimestamp();
        try
        {
            var result = await CarryOutAsync(call, cancellationToken);
            Report(tool, "ok", started);
            return new FunctionResultContent(call.CallId, result);
        }
        catch (ToolRefusedException e)
        {
            Report(tool, "refused", started);
            activity?.SetTag("error.type", "refused").SetStatus(System.Diagnostics.ActivityStatusCode.Error);
            // The exception marks the result as an error for clients that tell the model so.
            return new FunctionResultContent(call.CallId, Json(new ToolFailure(e.Message), AgentJson.Readable.ToolFailure)) { Exception = e };
        }
    }

    private async Task<JsonElement> CarryOutAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        switch (call.Name)
        {
            case ToolDeclarations.ListEvents:
                ToolArguments.Read(call);
                return Json(new EventList(workbench.Events()), AgentJson.Readable.EventList);

            case ToolDeclarations.CreateEvent:
                var created = ToolArguments.Read(call, "name", "date");
                return Json(workbench.CreateEvent(created.Required("name", NameLength), created.Day("date")), AgentJson.Readable.EventMade);

            case ToolDeclarations.AddMemory:
                var added = ToolArguments.Read(call, "photo", "event", "text", "image_description");
                return Json(
                    workbench.AddMemory(added.Required("photo", HandleLength), added.Optional("event", HandleLength), Text(added, "text"), Text(added, "image_description")),
                    AgentJson.Readable.MemoryAdded);

            case ToolDeclarations.UpdateMemory:
                var update = ToolArguments.Read(call, "memory", "text", "mode", "image_description", "event", "expected_revision");
                var changed = await workbench.UpdateMemoryAsync(
                    update.Required("memory", HandleLength),
                    Text(update, "text"),
                    IsReplace(update),
                    Text(update, "image_description"),
                    update.Optional("event", HandleLength),
                    update.Number("expected_revision", 1, int.MaxValue),
                    cancellationToken);
                return Json(changed, AgentJson.Readable.MemoryChanged);

            case ToolDeclarations.ListMemories:
                var list = ToolArguments.Read(call, "event", "limit");
                return Json(
                    await workbench.ListAsync(list.Optional("event", HandleLength), list.Number("limit", 1, MaxListed) ?? Listed, cancellationToken),
                    AgentJson.Readable.MemoryList);

            case ToolDeclarations.SearchMemories:
                var search = ToolArguments.Read(call, "query", "limit");
                return Json(
                    await workbench.SearchAsync(search.Required("query", QueryLength), search.Number("limit", 1, MaxListed) ?? Listed, cancellationToken),
                    AgentJson.Readable.MemoryList);

            case ToolDeclarations.ShareEvent:
                var share = ToolArguments.Read(call, "event", "role");
                return Json(workbench.ShareEvent(share.Required("event", HandleLength), share.Optional("role", 16)), AgentJson.Readable.EventShared);

            default:
                throw new ToolRefusedException("There is no such tool.");
        }
    }

    private static string? Text(ToolArguments arguments, string name) => arguments.Optional(name, Workbench.MaxTextLength);

    private static bool IsReplace(ToolArguments arguments) => arguments.Optional("mode", 16) switch
    {
        null or "append" => false,
        "replace" => true,
        _ => throw new ToolRefusedException("mode must be append or replace."),
    };

    private static JsonElement Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(value, type);

    // Names that a model makes up must not become log lines, spans or metric series.
    private static string Known(string name) => ToolDeclarations.All.Any(known => known.Name == name) ? name : "unknown";

    private void Report(string tool, string outcome, long started)
    {
        var elapsed = time.GetElapsedTime(started);
        metrics.ToolCalled(tool, outcome, elapsed);
        LogCalled(batchId, tool, outcome, (long)elapsed.TotalMilliseconds);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[TOOL] {BatchId} {Tool}: {Outcome}, {Milliseconds} ms")]
    private partial void LogCalled(string batchId, string tool, string outcome, long milliseconds);
}
