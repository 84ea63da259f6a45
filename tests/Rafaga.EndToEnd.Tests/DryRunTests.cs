using Microsoft.Data.Sqlite;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>What an operator sees of a dry run from a shell, and what is left of it: nothing.</summary>
public sealed class DryRunTests
{
    [Fact]
    public async Task It_shows_what_the_batch_would_do_now_and_leaves_chat_queue_memories_and_photos_as_they_are()
    {
        await using var models = await FakeModelsProcess.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(("ANTHROPIC_API_KEY", "canary-of-a-key"), ("RAFAGA__AGENT__BASEURL", models.Url.ToString()), ("RAFAGA__UI__LANGUAGE", "en"));
        var sent = await rafaga.CommandAsync(["send", "Hola", .. SamplePhotos.Arguments(2), "--as", "ana", "--wait"]);
        var id = (string)Assert.Single(sent["batches"]!.AsArray())!["id"]!;
        var (before, paid) = (await TracesAsync(rafaga), (int)(await models.LedgerAsync())["calls"]!);

        var (exitCode, output, error) = await rafaga.CommandTextAsync("batches", "dry-run", id);

        Assert.True(exitCode == 0, output + error);
        Assert.StartsWith("Guardé 2 fotos. ¿Qué me cuentas de ellas?", output, StringComparison.Ordinal);
        Assert.Contains("  + memory P1\n      kind: photo", output, StringComparison.Ordinal);
        Assert.Contains("claude-sonnet-5-5 (anthropic)", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split('\n').Count(line => line.Contains("  add_memory", StringComparison.Ordinal)));
        Assert.Contains("2 of tools", output, StringComparison.Ordinal);
        Assert.Matches(@"Nothing was written or sent, and the queue is as it was\. The models were paid all the same: \$0\.0\d+", output);
        // The photos were described before, so only the agent was asked.
        Assert.Equal(paid + 2, (int)(await models.LedgerAsync())["calls"]!);
        Assert.Equal(2, (int)(await rafaga.CommandAsync("batches", "dry-run", id))["total"]!["rounds"]!);
        Assert.Equal(before, await TracesAsync(rafaga));

        Assert.Equal(2, (await rafaga.CommandTextAsync("batches", "dry-run", "0190")).ExitCode);
        await models.StopAsync();
        (exitCode, output, error) = await rafaga.CommandTextAsync("batches", "dry-run", id);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("The dry run came to nothing:", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(before, await TracesAsync(rafaga));
    }

    // Every row of both databases, every file, every message of the chat.
    private static async Task<IReadOnlyList<string>> TracesAsync(RafagaProcess rafaga)
    {
        List<string> traces = [.. (await rafaga.ChatAsync("ana")).Select(message => message!.ToJsonString())];
        foreach (var file in Directory.EnumerateFiles(rafaga.DataFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (file.EndsWith(".db", StringComparison.Ordinal)) traces.AddRange(Dump(file));
            else if (!file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)) traces.Add(file);
        }

        return traces;
    }

    private static List<string> Dump(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        List<string> rows = [];
        foreach (var table in Read(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) rows.AddRange(Read(connection, $"SELECT * FROM \"{table}\"").Select(row => $"{Path.GetFileName(file)} {table} {row}").Order(StringComparer.Ordinal));
        return rows;
    }

    private static List<string> Read(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(i).ToString())));
        return rows;
    }
}
