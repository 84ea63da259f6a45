using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>A store that has been full for months: every page reads a bounded part of it. The times are printed, not asserted.</summary>
public sealed class ManyBatchesTests(ITestOutputHelper output)
{
    private const int Batches = 100_000;
    private const int LargestPage = 400_000;

    [Fact]
    public async Task Every_page_answers_out_of_a_hundred_thousand_batches()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        await rafaga.StopAsync();
        Fill(Path.Combine(rafaga.DataFolder, "queue.db"));
        await rafaga.StartAgainAsync();
        var counts = (await rafaga.GetAsync("/api/status"))["counts"]!;
        Assert.Equal(Batches, (int)counts["done"]! + (int)counts["dead"]!);
        var one = (await rafaga.GetAsync("/api/batches?limit=1"))["batches"]![0]!["id"]!.ToString();
        var old = (await rafaga.GetAsync("/api/batches?limit=200"))["next"]!.ToString();

        foreach (var path in new[]
        {
            "/", "/batches", "/batches?state=dead", "/batches?state=retry", "/batches?photo=1", "/batches?q=nobody-ever-said-this", "/batches?q=4000", $"/batches?before={old}",
            "/batches?from=2020-01-01T00:00", "/batches?to=2020-01-01T00:00", $"/batches/{one}", "/dead", "/memories", "/system", "/api/status", "/api/batches?limit=200",
        })
        {
            // The first answer compiles the page.
            await rafaga.Http.GetStringAsync(path);
            var best = TimeSpan.MaxValue;
            var length = 0;
            for (var i = 0; i < 5; i++)
            {
                var startedAt = Stopwatch.GetTimestamp();
                length = (await rafaga.Http.GetStringAsync(path)).Length;
                best = TimeSpan.FromTicks(Math.Min(best.Ticks, Stopwatch.GetElapsedTime(startedAt).Ticks));
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path,-42} {best.TotalMilliseconds,7:F1} ms {length,8} characters"));
            Assert.InRange(length, 1, LargestPage);
        }
    }

    // By hand: appending them one by one would take longer than all other tests.
    private static void Fill(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $batches)
              SELECT i, $start + i * 2000 AS ms, printf('telegram:1000000001:%d:0:%d', i % 5000 + 3000, i % 5000 + 3000) AS conversation FROM n;
            INSERT INTO batches (id, conversation, state, close_reason, opened_at, last_appended_at, sealed_at, ended_at, due_at, message_count, photo_count, byte_count, attempt, fence, error)
              SELECT printf('%012x7%019x', ms, i), conversation, iif(i % 100 = 0, 'dead', 'done'), 'quiet', 621355968000000000 + ms * 10000, 621355968000000000 + (ms + 4000) * 10000,
                     621355968000000000 + (ms + 16500) * 10000, 621355968000000000 + (ms + 18000) * 10000, 0, 3, i % 50 = 0, 900, 1, i,
                     iif(i % 100 = 0, printf('The backend answered %d.', 500 + i / 100 % 4), NULL) FROM n;
            INSERT INTO messages (batch, sequence, id, appended_at, group_order, photos, body)
              SELECT printf('%012x7%019x', ms, i), i * 3 + m, printf('%d', i * 3 + m), 621355968000000000 + (ms + m * 2000) * 10000, 0, 0,
                     CAST(printf('{"update_id":%d,"message":{"message_id":%d,"date":1760000000,"chat":{"id":%d,"type":"private","first_name":"Person %d"},"text":"message %d of a burst of three"}}',
                       i * 3 + m, i * 3 + m, i % 5000 + 3000, i % 5000, m) AS BLOB) FROM n, (SELECT 0 AS m UNION SELECT 1 UNION SELECT 2);
            """;
        command.Parameters.AddWithValue("$batches", Batches);
        command.Parameters.AddWithValue("$start", TimeProvider.System.GetUtcNow().AddSeconds(-2 * (Batches + 20)).ToUnixTimeMilliseconds());
        command.ExecuteNonQuery();
    }
}
