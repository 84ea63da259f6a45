using System.CommandLine;
using System.Globalization;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary><c>rafaga memories ls|search</c>.</summary>
internal sealed class MemoriesCommand(ApiOptions api, Texts texts)
{
    public Command Build()
    {
        var query = new Argument<string>("words") { Description = texts["HelpQuery"] };
        return new Command("memories", texts["HelpMemories"])
        {
            Build("ls", texts["HelpMemoriesLs"], null),
            Build("search", texts["HelpMemoriesSearch"], query),
        };
    }

    private Command Build(string name, string help, Argument<string>? query)
    {
        var person = new Option<string?>("--as") { Description = texts["HelpPerson"] };
        var @event = new Option<string?>("--event") { Description = texts["HelpEvent"] };
        var from = new Option<string?>("--from") { Description = texts["HelpFrom"] };
        var to = new Option<string?>("--to") { Description = texts["HelpTo"] };
        var onThisDay = new Option<bool>("--on-this-day") { Description = texts["HelpOnThisDay"] };
        var after = new Option<string?>("--after") { Description = texts["HelpAfter"] };
        var limit = new Option<int>("--limit") { Description = texts["HelpLimit"], DefaultValueFactory = _ => 50 };
        var command = new Command(name, help) { person, @event, from, to, onThisDay, after, limit };
        if (query is not null) command.Add(query);
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var words = query is null ? "" : parsed.GetValue(query)!;
            var parameters = new (string Name, string? Value)[]
            {
                ("q", words), ("person", parsed.GetValue(person)), ("event", parsed.GetValue(@event)), ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)),
                ("on_this_day", parsed.GetValue(onThisDay) ? Today() : null), ("after", parsed.GetValue(after)),
                ("limit", parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)),
            };
            var filter = string.Join('&', parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
            using var client = api.Client(parsed);
            var page = await client.GetAsync($"/api/memories?{filter}", cancellationToken);
            if (api.Json(parsed))
            {
                Output.Json(page);
                return ExitCodes.Ok;
            }

            var memories = page["memories"]!.AsArray();
            if (memories.Count == 0) Console.WriteLine(words.Length == 0 ? texts["NoMemories"] : texts["NoMatches", words]);
            else
            {
                Output.Table(
                    [texts["ColumnDate"], texts["ColumnOwner"], texts["ColumnEvent"], texts["ColumnRevision"], texts["ColumnText"]],
                    memories.Select(m => new[]
                    {
                        m!.Text("taken_at") is { Length: > 0 } ? m!.LocalTime("taken_at") : m!.LocalTime("added_at"),
                        m!.Text("owner"), m!.Text("event"), m!.Text("revision"), m!.Text("kind") is "photo" ? m!.Text("text") : $"[{m!.Text("kind")}] {m!.Text("text")}",
                    }));
            }

            if (page.Text("next") is { Length: > 0 } next) Console.WriteLine(texts["MoreMemories", next]);
            return ExitCodes.Ok;
        });
        return command;
    }

    // The day here, which may be another one where the server stands.
    private static string Today() => TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
