using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary><c>rafaga dead ls|show|retry|discard</c>: what was given up, and what becomes of it.</summary>
internal sealed partial class DeadCommand(ApiOptions api, Texts texts)
{
    private const int PageSize = 200;

    public Command Build() => new("dead", texts["HelpDead"]) { BuildList(), new BatchShowCommand(api, texts).Build(), BuildRetry(), BuildDiscard() };

    private Command BuildList()
    {
        var command = new Command("ls", texts["HelpDeadLs"]);
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = api.Client(parsed);
            var dead = await AllAsync(client, since: null, cancellationToken);
            if (api.Json(parsed)) Output.Json(new JsonObject { ["batches"] = new JsonArray([.. dead.Select(batch => batch.DeepClone())]) });
            else if (dead.Count == 0) Console.WriteLine(texts["NoDead"]);
            else
            {
                Output.Table(
                    [texts["ColumnId"], texts["ColumnEnded"], texts["ColumnMessages"], texts["ColumnConversation"], texts["ColumnError"]],
                    dead.Select(batch => new[] { batch.Text("id"), batch.LocalTime("ended_at"), batch.Text("message_count"), batch.Text("conversation"), batch.Text("error") }));
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private Command BuildRetry()
    {
        var id = new Argument<string?>("id") { Description = texts["HelpBatchId"], Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = texts["HelpDeadAll"] };
        var since = new Option<string?>("--since") { Description = texts["HelpDeadSince"] };
        var command = new Command("retry", texts["HelpDeadRetry"]) { id, all, since };
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = api.Client(parsed);
            if (parsed.GetValue(id) is null == !parsed.GetValue(all)) throw new UsageException(texts["DeadRetryWhat"]);
            if (parsed.GetValue(id) is { } one)
            {
                await Known(one, () => client.PostAsync(Address(one) + "/replay", Nothing(), cancellationToken));
                Console.WriteLine(texts["DeadRetried", 1]);
                return ExitCodes.Ok;
            }

            var dead = await AllAsync(client, Since(parsed.GetValue(since)), cancellationToken);
            var retried = 0;
            // The oldest first: a conversation gets its batches back in their order.
            foreach (var batch in dead.Reverse())
            {
                if (await TryAsync(() => client.PostAsync(Address(batch.Text("id")) + "/replay", Nothing(), cancellationToken))) retried++;
            }

            Console.WriteLine(texts["DeadRetried", retried]);
            return ExitCodes.Ok;
        });
        return command;
    }

    private Command BuildDiscard()
    {
        var id = Id();
        var note = new Option<string?>("--note") { Description = texts["HelpDeadNote"] };
        var command = new Command("discard", texts["HelpDeadDiscard"]) { id, note };
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = api.Client(parsed);
            var why = parsed.GetValue(note) is { } text ? $"?note={Uri.EscapeDataString(text)}" : "";
            await Known(parsed.GetValue(id)!, () => client.PostAsync(Address(parsed.GetValue(id)!) + "/discard" + why, Nothing(), cancellationToken));
            Console.WriteLine(texts["DeadDiscarded"]);
            return ExitCodes.Ok;
        });
        return command;
    }

    private Argument<string> Id() => new("id") { Description = texts["HelpBatchId"] };

    // Gathered whole before anything is changed: what is retried leaves the list, and may come back to its end.
    private static async Task<IReadOnlyList<JsonNode>> AllAsync(ApiClient client, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        List<JsonNode> dead = [];
        var before = "";
        do
        {
            var page = await client.GetAsync($"/api/batches?state=dead&limit={PageSize.ToString(CultureInfo.InvariantCulture)}&before={Uri.EscapeDataString(before)}", cancellationToken);
            dead.AddRange(page["batches"]!.AsArray().OfType<JsonNode>().Where(batch => since is null || batch["ended_at"]!.GetValue<DateTimeOffset>() >= since));
            before = page.Text("next");
        }
        while (before.Length > 0);
        return dead;
    }

    private async Task<JsonNode> Known(string id, Func<Task<JsonNode>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ApiException e) when (e.Status == 404)
        {
            throw new UsageException(texts["BatchNotFound", id]);
        }
    }

    // Somebody else may have been faster.
    private static async Task<bool> TryAsync(Func<Task<JsonNode>> ask)
    {
        try
        {
            await ask();
            return true;
        }
        catch (ApiException e) when (e.Status is 404 or 409)
        {
            return false;
        }
    }

    private DateTimeOffset? Since(string? age)
    {
        if (age is null) return null;
        var match = Age().Match(age);
        if (!match.Success) throw new UsageException(texts["DeadBadSince", age]);
        var number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return TimeProvider.System.GetUtcNow() - match.Groups["unit"].Value switch { "m" => TimeSpan.FromMinutes(number), "h" => TimeSpan.FromHours(number), _ => TimeSpan.FromDays(number) };
    }

    private static string Address(string id) => $"/api/batches/{Uri.EscapeDataString(id)}";

    private static JsonContent Nothing() => JsonContent.Create(new JsonObject());

    [GeneratedRegex("^(?<number>[0-9]{1,4})(?<unit>[mhd])$", RegexOptions.ExplicitCapture)]
    private static partial Regex Age();
}
