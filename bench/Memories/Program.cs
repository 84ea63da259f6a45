using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rafaga.Backend;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Offline;
using Rafaga.Backend.Store;
using Rafaga.Memories.Bench;
using Rafaga.Telegram;
using Rafaga.Testing;

// How long reading takes with 200,000 memories: through the HTTP interface, and as the tools of a turn read.
// dotnet run -c Release --project bench/Memories [sqlite|postgresql]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var kinds = args is [var chosen] ? [chosen] : new[] { "sqlite", "postgresql" };
Console.WriteLine($"{Archive.Memories:N0} memories, {Archive.People} people, {Environment.ProcessorCount} processors; milliseconds");
Console.WriteLine($"{"",-12}{"",-44}{"p50",8}{"p95",8}{"max",8}");
foreach (var kind in kinds) await RunAsync(kind);

static async Task RunAsync(string kind)
{
    using var folder = new TemporaryFolder();
    await using var server = kind == "postgresql" ? await PostgreSqlServer.StartAsync() : null;
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
    builder.Services.AddSingleton<IChatClient>(new OfflineChatClient());
    builder.Services.AddSingleton(new SystemPrompt("", ""));
    builder.Services.AddSingleton(new TelegramClient(new HttpClient(), new TelegramOptions { Token = "7000:no-bot-is-asked-anything-here", BaseUrl = new Uri("http://127.0.0.1:9") }, TimeProvider.System));
    builder.Services.AddBackend(new BackendOptions { Database = server?.Url("postgres") ?? $"sqlite:{folder.File("memory.db")}", PhotosFolder = folder.File("photos") });
    await using var app = builder.Build();
    app.MapBackend();
    await app.StartAsync();

    var databases = app.Services.GetRequiredService<IDbContextFactory<MemoryDb>>();
    var ids = app.Services.GetRequiredService<UuidSequence>();
    var archive = new Archive(databases, ids);
    var started = Stopwatch.GetTimestamp();
    await archive.FillAsync();
    Console.WriteLine($"{kind,-12}{"filled, seconds",-44}{Stopwatch.GetElapsedTime(started).TotalSeconds,8:F1}");

    using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    var random = new Random(2);
    await MeasureAsync("list", () => GetAsync("limit=50"));
    await MeasureAsync("list, a page in the middle", () => GetAsync($"limit=50&to={new DateOnly(2022, 1, 1).AddDays(random.Next(600)):yyyy-MM-dd}"));
    await MeasureAsync("list, one person", () => GetAsync($"limit=50&person=person{random.Next(Archive.People)}"));
    await MeasureAsync("list, one event", () => GetAsync($"limit=50&event={Uri.EscapeDataString($"Event {random.Next(20)} {Vocabulary.Word(random.Next(Archive.People))}")}"));
    await MeasureAsync("list, one week", () => Week(random));
    await MeasureAsync("list, one week of one person", () => Week(random, $"&person=person{random.Next(Archive.People)}"));
    await MeasureAsync("on this day", () => GetAsync($"limit=50&on_this_day={new DateOnly(2026, 1, 1).AddDays(random.Next(365)):yyyy-MM-dd}"));
    await MeasureAsync("on this day, one person", () => GetAsync($"limit=50&on_this_day={new DateOnly(2026, 1, 1).AddDays(random.Next(365)):yyyy-MM-dd}&person=person{random.Next(Archive.People)}"));
    await MeasureAsync("search, the most frequent words", () => GetAsync($"limit=50&q={Vocabulary.Word(random.Next(10))}"));
    await MeasureAsync("search, rare words", () => GetAsync($"limit=50&q={Vocabulary.Word(random.Next(1000, 5000))}"));
    await MeasureAsync("search, two words", () => GetAsync($"limit=50&q={Vocabulary.Word(random.Next(100))}%20{Vocabulary.Word(random.Next(100))}"));
    await MeasureAsync("search, the beginning of words", () => GetAsync($"limit=50&q={Vocabulary.Word(random.Next(300))[..2]}"));
    await MeasureAsync("search, frequent, one person", () => GetAsync($"limit=50&q={Vocabulary.Word(random.Next(10))}&person=person{random.Next(Archive.People)}"));
    await MeasureAsync("search, nothing found", () => GetAsync("limit=50&q=xyz"));

    foreach (var (who, person) in new[] { ("busiest person", archive.BusiestPerson), ("their guest", archive.Guest), ("anybody", archive.Anybody) })
    {
        await MeasureAsync($"turn opening, events, {who}", () => BenchAsync(person, _ => Task.CompletedTask));
        await MeasureAsync($"tool list_memories, {who}", () => BenchAsync(person, bench => bench.ListAsync(null, 20, default)));
        await MeasureAsync($"tool search_memories, frequent, {who}", () => BenchAsync(person, bench => bench.SearchAsync(Vocabulary.Word(random.Next(10)), 20, default)));
        await MeasureAsync($"tool search_memories, two words, {who}", () => BenchAsync(person, bench => bench.SearchAsync($"{Vocabulary.Word(random.Next(100))} {Vocabulary.Word(random.Next(100))}", 20, default)));
        await MeasureAsync($"tool search_memories, rare, {who}", () => BenchAsync(person, bench => bench.SearchAsync(Vocabulary.Word(random.Next(1000, 5000)), 20, default)));
    }

    async Task GetAsync(string query)
    {
        using var response = await http.GetAsync("/api/memories?" + query);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    Task Week(Random random, string more = "")
    {
        var day = new DateOnly(2021, 1, 1).AddDays(random.Next(1500));
        return GetAsync($"limit=50&from={day:yyyy-MM-dd}&to={day.AddDays(6):yyyy-MM-dd}{more}");
    }

    async Task BenchAsync(Guid person, Func<Workbench, Task> use)
    {
        await using var db = await databases.CreateDbContextAsync();
        var events = await Rafaga.Backend.Delivery.TurnOpening.EventsAsync(db, person, default);
        await use(new Workbench(db, person, events, [], ids, DateTimeOffset.UnixEpoch));
    }

    async Task MeasureAsync(string what, Func<Task> work)
    {
        for (var i = 0; i < 5; i++) await work();
        var times = new List<double>();
        var all = Stopwatch.GetTimestamp();
        while (times.Count < 100 && Stopwatch.GetElapsedTime(all) < TimeSpan.FromSeconds(5))
        {
            var one = Stopwatch.GetTimestamp();
            await work();
            times.Add(Stopwatch.GetElapsedTime(one).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine($"{kind,-12}{what,-44}{times[times.Count / 2],8:F1}{times[(int)(times.Count * 0.95)],8:F1}{times[^1],8:F1}");
    }
}
