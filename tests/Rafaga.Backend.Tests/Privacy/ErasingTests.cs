using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Rafaga.Backend.Privacy;
using Rafaga.Backend.Store;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Privacy;

/// <summary>/olvidar: nothing of a person is left, and nothing comes back.</summary>
public abstract class ErasingTests(DatabaseKind database)
{
    // Words that nobody else says. Each is one word, so that it would be a term of the full-text index.
    private const string Canary = "zanahoriacanaria";
    private const long PersonId = 7_301_990_226;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Chat Person() => new(PersonId, Canary + "nombre", "es", PersonId);

    [Fact]
    public async Task Nothing_of_the_person_is_in_any_row_or_file_and_what_others_have_stays()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (person, luis) = (Person(), Chat.Luis());
        await host.SaveAsync(person, "Boda", ("photo1", Canary + " uno"), ("photo2", Canary + " dos"));
        await host.JoinAsync(luis, "Boda");
        await host.SaveAsync(luis, "Boda", ("photo2", "the same picture"), ("photo3", "the band"));
        await host.SaveAsync(person, Canary + "evento", ("photo4", "otra"));
        await host.JoinAsync(luis, Canary + "evento", EventRole.Viewer);
        await ReadAllAsync(host, luis);
        await ChangeAsync(host, person);
        await host.ReplyAsync(person.Elsewhere().Text(Canary + " en un grupo").Seal(Canary + "-lote"));
        await host.TellAsync(person.Command(PersonCommand.Undo));
        await host.TellAsync(person.Command(PersonCommand.Feedback, $"up {Canary}-lote"));
        Assert.NotEqual(0, await HitsAsync(host));
        var before = Files(host).Count;

        Assert.Equal("Lo he borrado todo. Si vuelves a escribirme, empezamos de cero.", await host.TellAsync(Forget(host, person)));
        await host.SweptAsync();
        Assert.Equal(0, await HitsAsync(host));
        // The picture that both have sent, and those of Luis.
        Assert.Equal(before - 2, Files(host).Count);
        Assert.Equal([("the same picture", "Boda"), ("the band", "Boda")], (await host.MemoriesAsync()).Select(m => (m.GetProperty("text").GetString(), m.GetProperty("event").GetString())));
        Assert.Equal("Your event:\n• Boda · 2 memories", await host.TellAsync(luis.Command(PersonCommand.Events)));

        // Once more, it finds nothing; and the person may begin anew.
        await host.TellAsync(Forget(host, person));
        await host.SweptAsync();
        Assert.StartsWith("Todavía no tienes eventos.", await host.TellAsync(person.Command(PersonCommand.Events)), StringComparison.Ordinal);
        host.Time.Advance(TimeSpan.FromDays(1));
        await host.ReplyAsync(person.Text("hola").Seal() with { OpenedAt = host.Time.GetUtcNow() });
    }

    [Fact]
    public async Task A_batch_in_work_and_one_from_before_bring_nothing_back()
    {
        await using var host = await BackendHost.StartAsync(database);
        var person = Person();
        var (waiting, goOn) = host.HoldModel(round: 1);
        var running = person.Photo("photo1", Canary).Seal();
        var late = person.Text(Canary + " tarde").Seal();
        var post = host.PostAsync(running);
        await waiting;
        await host.TellAsync(Forget(host, person));
        goOn();
        Assert.Equal(HttpStatusCode.Conflict, (await post).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await host.PostAsync(person.Again(running))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await host.PostAsync(late)).StatusCode);
        await host.SweptAsync();
        Assert.Equal(0, await HitsAsync(host));
        Assert.Empty(Files(host));
    }

    [Fact]
    public async Task A_message_from_before_that_is_delivered_late_is_left_out()
    {
        await using var host = await BackendHost.StartAsync(database);
        var person = Person();
        await host.ReplyAsync(person.Text("hola").Seal());
        host.Time.Advance(TimeSpan.FromDays(365));
        await host.TellAsync(Forget(host, person));
        await host.SweptAsync();
        var asked = host.Model.Requests.Count;
        var batch = person.Text(Canary).Seal() with { OpenedAt = host.Time.GetUtcNow().AddHours(1) };
        Assert.Equal("", (await host.ReplyAsync(batch)).Text ?? "");
        Assert.Equal(asked, host.Model.Requests.Count);
        await using var db = host.Open();
        Assert.Empty(db.Messages);
    }

    [Fact]
    public async Task A_turn_of_somebody_else_that_has_read_the_persons_words_starts_over_without_them()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (person, luis) = (Person(), Chat.Luis());
        await host.SaveAsync(person, "Boda", ("photo1", Canary));
        await host.JoinAsync(luis, "Boda");
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("list_memories", new { @event = "E1" })) : ScriptedChatClient.Say("Here they are."));
        var (waiting, goOn) = host.HoldModel(round: 1);
        var batch = luis.Text("show me").Seal();
        var post = host.PostAsync(batch);
        await waiting;
        Assert.Contains(Canary, host.Model.Requests[^1].Results[0].ToString(), StringComparison.Ordinal);
        await host.TellAsync(Forget(host, person));
        goOn();

        using (var late = await post) Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (late.StatusCode, late.Headers.RetryAfter?.Delta));
        await host.SweptAsync();
        Assert.Equal(0, await HitsAsync(host));
        // What it has cost is kept.
        await using (var db = host.Open()) Assert.NotEqual(0, (await db.Runs.SingleAsync(Token)).InputTokens);
        Assert.Equal("Here they are.", (await host.ReplyAsync(batch with { Attempt = 2 })).Text);
        Assert.Equal(0, await HitsAsync(host));
    }

    [Theory]
    [InlineData(PersonCommand.Leave)]
    [InlineData(PersonCommand.Remove)]
    public async Task Whoever_has_left_the_persons_event_keeps_no_copies_either(string how)
    {
        await using var host = await BackendHost.StartAsync(database);
        var (person, luis) = (Person(), Chat.Luis());
        await host.SaveAsync(person, "Boda", ("photo1", Canary));
        await host.JoinAsync(luis, "Boda");
        await ReadAllAsync(host, luis);
        await host.TellAsync(how == PersonCommand.Leave ? luis.Command(how, "Boda") : person.Command(how, "Luis"));
        await host.TellAsync(Forget(host, person));
        await host.SweptAsync();
        Assert.Equal(0, await HitsAsync(host));
    }

    [Fact]
    public async Task Nor_does_anybody_in_an_event_that_the_person_has_left_twice()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (person, luis) = (Person(), Chat.Luis());
        await host.SaveAsync(luis, "Boda", ("photo2", "the band"));
        for (var i = 0; i < 2; i++)
        {
            await host.JoinAsync(person, "Boda");
            await host.SaveAsync(person, "Boda", ($"photo{3 + i}", Canary));
            await ReadAllAsync(host, luis);
            await host.TellAsync(luis.Command(PersonCommand.Members));
            await host.TellAsync(person.Command(PersonCommand.Leave, "Boda"));
        }

        await host.TellAsync(Forget(host, person));
        await host.SweptAsync();
        Assert.Equal(0, await HitsAsync(host));
        Assert.Equal("the band", (await host.MemoriesAsync())[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_is_erased_all_the_same()
    {
        var slow = new SlowDelete();
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings(Interceptor: slow));
        var person = Person();
        await host.SaveAsync(person, "Boda", ("photo1", Canary));
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            var post = host.Http.PostAsJsonAsync(CommandEndpoint.Path, Forget(host, person), ContractsJson.Default.CommandRequest, patience.Token);
            await slow.Waiting.Task;
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
        }

        // Asked in the meantime, the backend has seen the connection go.
        await host.GetAsync("/api/memories");
        slow.GoOn.SetResult();
        await Eventually.TrueAsync(async () => await HitsAsync(host) == 0 && Files(host).Count == 0, $"the erasing\n{host.Log}");
        await host.SweptAsync();
    }

    [Fact]
    public async Task What_a_process_that_died_has_left_of_a_person_is_swept_at_the_next_start()
    {
        await using var host = await BackendHost.StartAsync(database);
        await host.SaveAsync(Person(), "Boda", ("photo1", "uno"));
        var left = Path.Combine(host.PhotosFolder, "left.jpg");
        await File.WriteAllTextAsync(left, Canary, Token);
        await using (var db = host.Open())
        {
            db.Erasures.Add(new Erasure { PersonHash = "somebody", At = host.Time.GetUtcNow() });
            await db.SaveChangesAsync(Token);
        }

        await using var next = await host.AnotherAsync();
        await next.SweptAsync();
        Assert.False(File.Exists(left));
        Assert.Single(Files(host));
    }

    [Fact]
    public async Task A_sweep_that_fails_is_tried_again()
    {
        await using var host = await BackendHost.StartAsync(database);
        var person = Person();
        await host.SaveAsync(person, "Boda", ("photo1", "uno"));
        var (photos, away) = (host.PhotosFolder, host.PhotosFolder + "-away");
        Directory.Move(photos, away);
        await host.TellAsync(Forget(host, person));
        await Eventually.TrueAsync(() => Task.FromResult(host.Log.ToString().Contains("could not be swept", StringComparison.Ordinal)), "the failure");
        Directory.Move(away, photos);
        await host.Time.WaitForTimerAsync(TimeSpan.FromMinutes(1), Token);
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.SweptAsync();
        Assert.Empty(Files(host));
    }

    [Fact]
    public async Task An_event_of_the_same_name_takes_in_what_its_owner_had_in_the_other()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (person, luis) = (Person(), Chat.Luis());
        await host.SaveAsync(person, "Boda", ("photo1", "uno"));
        await host.JoinAsync(luis, "Boda");
        await host.SaveAsync(luis, "Boda", ("photo3", "the band"));
        await using (var db = host.Open())
        {
            var owner = await db.Users.SingleAsync(u => u.Name == "Luis", Token);
            var own = new Event { Id = Guid.CreateVersion7(host.Time.GetUtcNow()), OwnerId = owner.Id, Name = "boda", NameKey = "boda", CreatedAt = host.Time.GetUtcNow() };
            db.Events.Add(own);
            db.EventMembers.Add(new EventMember { EventId = own.Id, UserId = owner.Id, Role = EventRole.Owner });
            await db.SaveChangesAsync(Token);
        }

        await host.TellAsync(Forget(host, person));
        await host.SweptAsync();
        Assert.Equal("Your event:\n• boda · 1 memory", await host.TellAsync(luis.Command(PersonCommand.Events)));
    }

    [Fact]
    public async Task A_file_that_was_swept_away_while_a_turn_ran_makes_the_turn_start_over()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (waiting, goOn) = host.HoldModel(round: 1);
        var batch = Chat.Luis().Photo("photo3").Seal();
        var post = host.PostAsync(batch);
        await waiting;
        await host.TellAsync(Forget(host, Person()));
        await host.SweptAsync();
        Assert.Empty(Files(host));
        goOn();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await post).StatusCode);
        await host.ReplyAsync(batch with { Fence = batch.Fence + 1, Attempt = 2 });
        Assert.Single(Files(host));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("yes")]
    public async Task Without_the_time_of_the_queue_nothing_is_erased(string? argument)
    {
        await using var host = await BackendHost.StartAsync(database);
        var person = Person();
        await host.ReplyAsync(person.Text("hola").Seal());
        await Assert.ThrowsAnyAsync<Exception>(() => host.TellAsync(person.Command(PersonCommand.Forget, argument)));
        await using var db = host.Open();
        Assert.Single(db.Users);
    }

    [Fact]
    public async Task Every_table_is_exported_and_erased_or_said_to_be_nobodys()
    {
        await using var host = await BackendHost.StartAsync(database);
        await using var db = host.Open();
        var tables = db.Model.GetEntityTypes().Select(entity => entity.ClrType).ToHashSet();
        var known = PersonRows.Of(db, Guid.Empty).Select(rows => rows.ElementType).Concat(PersonRows.Nobodys).ToList();
        Assert.Equal(tables.Select(type => type.Name).Order(), known.Select(type => type.Name).Order());
    }

    private static CommandRequest Forget(BackendHost host, Chat person) => person.Command(PersonCommand.Forget, host.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));

    // Luis is shown all of it, so that the records of his turn repeat it.
    private static async Task ReadAllAsync(BackendHost host, Chat luis)
    {
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_events", new { }), ("search_memories", new { query = Canary }), ("list_memories", new { @event = "E1" })),
            _ => ScriptedChatClient.Say("Here they are."),
        });
        await host.ReplyAsync(luis.Text("show me").Seal());
    }

    private static async Task ChangeAsync(BackendHost host, Chat person)
    {
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_memories", new { })),
            1 => ScriptedChatClient.Calls(("update_memory", new { memory = "M2", text = Canary + " tres", mode = "replace" }), ("update_memory", new { memory = "M3", text = Canary + " cuatro", mode = "replace", @event = "E2" })),
            _ => ScriptedChatClient.Say(Canary + " respuesta"),
        });
        await host.ReplyAsync(person.Text(Canary + " mensaje").Seal());
    }

    private static List<string> Files(BackendHost host) => [.. Directory.EnumerateFiles(host.PhotosFolder, "*", SearchOption.AllDirectories)];

    /// <summary>In rows, whatever the table; in the files of SQLite with its log; in names of photos.</summary>
    private async Task<int> HitsAsync(BackendHost host)
    {
        var hits = 0;
        string[] words = [Canary, Canary.ToUpperInvariant(), PersonId.ToString(CultureInfo.InvariantCulture)];
        await using var db = host.Open();
        foreach (var table in db.Model.GetEntityTypes().Select(entity => entity.GetTableName()!))
        {
            var sql = database == DatabaseKind.Sqlite ? $"SELECT json_array({string.Join(", ", await ColumnsAsync(host, table))}) FROM {table}" : $"SELECT row_to_json(t)::text FROM {table} t";
            hits += (await host.Database.QueryAsync(sql)).Sum(row => words.Count(word => row.Contains(word, StringComparison.OrdinalIgnoreCase)));
        }

        if (database != DatabaseKind.Sqlite) return hits;
        var file = StoreAddress.Parse(host.Database.Address).Shown;
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(file)!)) hits += words.Take(1).Sum(word => ReadShared(path).AsSpan().Count(Encoding.UTF8.GetBytes(word)));
        return hits;
    }

    private static async Task<IReadOnlyList<string>> ColumnsAsync(BackendHost host, string table) => await host.Database.QueryAsync($"SELECT name FROM pragma_table_xinfo('{table}')");

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    // Waits before the row of the person goes.
    private sealed class SlowDelete : DbCommandInterceptor
    {
        public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (!command.CommandText.Contains("DELETE FROM", StringComparison.Ordinal) || !command.CommandText.Contains("users", StringComparison.Ordinal)) return result;
            Waiting.TrySetResult();
            await GoOn.Task.WaitAsync(cancellationToken);
            return result;
        }
    }
}
