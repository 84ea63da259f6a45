using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Rafaga.Stand;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Deploy.Tests;

/// <summary>Each process of the stand is killed in turn while people write: through HTTP, Redis and either database nothing is lost, doubled or out of order.</summary>
public sealed class StandKillTests(ITestOutputHelper output)
{
    private const int People = 10;
    private const int TextsEach = 60;

    private static readonly string[] Victims = ["worker", "bot", "backend", "redis", "postgres", "dashboard"];

    [Theory]
    [InlineData("postgres")]
    [InlineData("sqlite")]
    public async Task Whatever_is_killed_nothing_is_lost_doubled_or_out_of_order(string database)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("memories.db");
        var settings = new Dictionary<string, string>
        {
            ["RAFAGA__WINDOW__QUIETSECONDS"] = "0.4",
            ["RAFAGA__WINDOW__MAXWAITSECONDS"] = "2",
            ["RAFAGA__WORKER__LEASESECONDS"] = "2",
            ["RAFAGA__WORKER__RETRYBASESECONDS"] = "0.2",
            ["RAFAGA__ACCESS__MESSAGESPERMINUTE"] = "10000",
        };
        if (database == "sqlite") settings["DATABASE_URL"] = $"sqlite:{file}";
        await using var stand = await LocalStand.StartAsync(settings);
        using var ledger = new StandLedger(stand);
        List<string> people = [];
        for (var i = 0; i < People; i++) people.Add(await ledger.AddPersonAsync(i));

        var writing = Task.WhenAll(people.Select((person, i) => ledger.WriteAsync(person, TextsEach, new Random(i), TestContext.Current.CancellationToken)));
        var killed = 0;
        do
        {
            foreach (var victim in Victims.Where(victim => database == "postgres" || victim != "postgres"))
            {
                var seen = ledger.Acknowledged;
                await Eventually.TrueAsync(() => Task.FromResult(writing.IsCompleted || ledger.Acknowledged > seen + 5), "people write");
                output.WriteLine($"{victim}: back after {await KillAndStartAgainAsync(stand, victim):F2} s");
                killed++;
            }
        }
        while (!writing.IsCompleted);
        await writing;

        List<string> stored = [];
        await Eventually.TrueAsync(
            async () =>
            {
                stored = database == "postgres" ? await FromPostgresAsync(stand) : FromSqlite(file);
                return ledger.Compare(stored).Lost == 0;
            },
            $"every text is in the database; of {ledger.Acknowledged}, {ledger.Compare(stored).Lost} are missing\n{stand["worker"].Output[^Math.Min(4000, stand["worker"].Output.Length)..]}",
            TimeSpan.FromSeconds(120));
        var (lost, doubled, outOfOrder) = ledger.Compare(stored);
        output.WriteLine($"{killed} kills; attempted {ledger.Attempted}, acknowledged {ledger.Acknowledged}, lost {lost}, doubled {doubled}, out of order {outOfOrder}");
        Assert.Equal((ledger.Attempted, 0, 0, 0), (ledger.Acknowledged, lost, doubled, outOfOrder));

        // A reply for each batch that has one; one more only where the worker has said that it cannot know.
        var expected = database == "postgres"
            ? int.Parse(await stand.Postgres.SqlAsync("SELECT count(*) FROM batches WHERE reply IS NOT NULL AND reply <> ''", "rafaga"), System.Globalization.CultureInfo.InvariantCulture)
            : FromSqlite(file, "SELECT id FROM batches WHERE reply IS NOT NULL AND reply <> ''").Count;
        var replies = await Eventually.SomethingAsync(async () => await ledger.RepliesAsync() is var count && count >= expected ? (int?)count as object : null, "every reply has arrived");
        var ambiguous = Regex.Count(stand["worker"].Output, "nobody knows whether part");
        output.WriteLine($"{expected} batches, {replies} replies, {ambiguous} ambiguous");
        Assert.InRange((int)replies, expected, expected + ambiguous);
    }

    private static async Task<double> KillAndStartAgainAsync(LocalStand stand, string victim)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        if (victim == "postgres")
        {
            await stand.Postgres.KillAsync();
            await stand.Postgres.RestartAsync();
        }
        else
        {
            await stand[victim].KillAsync();
            stand.StartAgain(victim);
            await stand.HealthyAsync(victim);
        }

        return TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds;
    }

    private const string Texts = "SELECT text FROM messages WHERE role = 'user' ORDER BY id";

    private static async Task<List<string>> FromPostgresAsync(LocalStand stand) => [.. (await stand.Postgres.SqlAsync(Texts, "rafaga")).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static List<string> FromSqlite(string file, string sql = Texts)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read()) rows.Add(reader.GetString(0));
        return rows;
    }
}
