using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary><c>rafaga batches ls|show|tail|dry-run</c>.</summary>
internal sealed class BatchesCommand(ApiOptions api, Texts texts)
{
    public Command Build() => new("batches", texts["HelpBatches"]) { BuildList(), new BatchShowCommand(api, texts).Build(), BuildTail(), BuildDryRun() };

    private Command BuildList()
    {
        var state = new Option<string?>("--state") { Description = texts["HelpState"] };
        state.AcceptOnlyFromAmong("open", "sealed", "leased", "retry", "done", "superseded", "dead", "cancelled");
        var before = new Option<string?>("--before") { Description = texts["HelpBefore"] };
        var limit = new Option<int>("--limit") { Description = texts["HelpLimit"], DefaultValueFactory = _ => 50 };
        var command = new Command("ls", texts["HelpBatchesLs"]) { state, before, limit };
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = api.Client(parsed);
            var query = $"/api/batches?limit={parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)}&state={parsed.GetValue(state)}&before={Uri.EscapeDataString(parsed.GetValue(before) ?? "")}";
            var page = await client.GetAsync(query, cancellationToken);
            if (api.Json(parsed))
            {
                Output.Json(page);
                return ExitCodes.Ok;
            }

            var batches = page["batches"]!.AsArray();
            if (batches.Count == 0) Console.WriteLine(texts["NoBatches"]);
            else
            {
                Output.Table(
                    [texts["ColumnId"], texts["ColumnState"], texts["ColumnMessages"], texts["ColumnPhotos"], texts["ColumnReason"], texts["ColumnOpened"], texts["ColumnConversation"]],
                    batches.Select(b => new[]
                    {
                        b!.Text("id"), b!.Text("state"), b!.Text("message_count"), b!.Text("photo_count"), b!.Text("close_reason"), b!.LocalTime("opened_at"), b!.Text("conversation"),
                    }));
            }

            if (page.Text("next") is { Length: > 0 } next) Console.WriteLine(texts["More", next]);
            return ExitCodes.Ok;
        });
        return command;
    }

    // A line for each batch that is new or has changed, until Ctrl+C.
    private Command BuildTail()
    {
        var command = new Command("tail", texts["HelpBatchesTail"]);
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = api.Client(parsed);
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
            Dictionary<string, string> seen = new(StringComparer.Ordinal);
            try
            {
                do
                {
                    var page = (await client.GetAsync("/api/batches?limit=100", cancellationToken))["batches"]!.AsArray();
                    foreach (var batch in page.Reverse().OfType<JsonNode>().Where(IsNews)) Print(batch, api.Json(parsed));
                    foreach (var gone in seen.Keys.Except(page.Select(batch => batch!.Text("id"))).ToList()) seen.Remove(gone);
                }
                while (await timer.WaitForNextTickAsync(cancellationToken));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Ctrl+C is how a person ends it.
            }

            return ExitCodes.Ok;

            bool IsNews(JsonNode batch)
            {
                var now = $"{batch.Text("state")} {batch.Text("message_count")} {batch.Text("attempt")}";
                var news = seen.GetValueOrDefault(batch.Text("id")) != now;
                seen[batch.Text("id")] = now;
                return news;
            }
        });
        return command;
    }

    private Command BuildDryRun()
    {
        var id = new Argument<string>("id") { Description = texts["HelpBatchId"] };
        var command = new Command("dry-run", texts["HelpBatchesDryRun"]) { id };
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = api.Client(parsed);
            try
            {
                using var nothing = JsonContent.Create(new JsonObject());
                var run = await client.PostAsync($"/api/batches/{Uri.EscapeDataString(parsed.GetValue(id)!)}/dry-run", nothing, cancellationToken);
                if (api.Json(parsed)) Output.Json(run);
                else DryRunPrinter.Print(run, texts);
                return ExitCodes.Ok;
            }
            catch (ApiException e) when (e.Status == 404)
            {
                throw new UsageException(texts["BatchNotFound", parsed.GetValue(id)]);
            }
        });
        return command;
    }

    private void Print(JsonNode batch, bool json)
    {
        if (json) Console.WriteLine(batch.ToJsonString());
        else Console.WriteLine(texts["TailLine", batch.LocalTime("last_appended_at"), batch.Text("id"), batch.Text("state"), Content(batch), batch.Text("close_reason"), batch.Text("error")].TrimEnd());
    }

    private string Content(JsonNode batch)
    {
        var (messages, photos) = ((int)batch["message_count"]!, (int)batch["photo_count"]!);
        var all = messages == 1 ? texts["OneMessage"] : texts["Messages", messages];
        return photos == 0 ? all : $"{all} ({(photos == 1 ? texts["OnePhoto"] : texts["Photos", photos])})";
    }
}
