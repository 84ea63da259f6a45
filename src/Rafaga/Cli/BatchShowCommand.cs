using System.CommandLine;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary><c>show ID</c> of <c>rafaga batches</c> and <c>rafaga dead</c>: one batch whole.</summary>
internal sealed class BatchShowCommand(ApiOptions api, Texts texts)
{
    public Command Build()
    {
        var id = new Argument<string>("id") { Description = texts["HelpBatchId"] };
        var command = new Command("show", texts["HelpBatchesShow"]) { id };
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = api.Client(parsed);
            try
            {
                var name = Uri.EscapeDataString(parsed.GetValue(id)!);
                var batch = await client.GetAsync($"/api/batches/{name}", cancellationToken);
                var (runs, feedback) = await RunsAsync(client, name, cancellationToken);
                if (api.Json(parsed))
                {
                    batch["runs"] = runs;
                    batch["feedback"] = feedback;
                    Output.Json(batch);
                    return ExitCodes.Ok;
                }

                BatchPrinter.Print(batch, texts);
                if (feedback is not null) Console.WriteLine("\n" + texts["Feedback", feedback.Text("verdict") == "up" ? "👍" : "👎", feedback.LocalTime("at")]);
                RunPrinter.Print(runs, texts);
                return ExitCodes.Ok;
            }
            catch (ApiException e) when (e.Status == 404)
            {
                throw new UsageException(texts["BatchNotFound", parsed.GetValue(id)]);
            }
        });
        return command;
    }

    // Somebody else's backend keeps its runs to itself.
    private static async Task<(JsonArray Runs, JsonNode? Feedback)> RunsAsync(ApiClient client, string batch, CancellationToken cancellationToken)
    {
        try
        {
            var page = await client.GetAsync($"/api/runs?batch={batch}", cancellationToken);
            return (page["runs"]!.DeepClone().AsArray(), page["feedback"]?.DeepClone());
        }
        catch (ApiException e) when (e.Status == 404)
        {
            return ([], null);
        }
    }
}
