using System.Text;
using Microsoft.Data.Sqlite;
using Rafaga.Batching.Sqlite;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private static readonly ConversationId Ana = new("ana");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly BatchingOptions _options = new();

    private string Path => _folder.File("queue.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_folder_is_made_when_it_is_missing()
    {
        await using var store = Open(_folder.File("a/b/queue.db"));
        await AppendAsync(store, "m1");
        Assert.True(File.Exists(_folder.File("a/b/queue.db")));
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        BatchId id;
        await using (var store = Open())
        {
            id = await AppendAsync(store, "m1");
            _time.Advance(TimeSpan.FromSeconds(5));
            await AppendAsync(store, "m2");
        }

        await using var again = Open();
        Assert.True((await again.AppendAsync(Ana, Text("m1"), Cancellation)).Duplicate);
        Assert.Equal(TimeSpan.FromSeconds(12.5), (await again.ClaimAsync(1, Cancellation)).NextIn);
        _time.Advance(TimeSpan.FromSeconds(12.5));
        var leased = Assert.Single((await again.ClaimAsync(1, Cancellation)).Batches);
        Assert.Equal((id, 2), (leased.Batch.Id, leased.Batch.MessageCount));
    }

    // Each would wait five seconds for the reader.
    [Fact]
    public async Task A_reader_that_stays_for_long_after_an_erasure_holds_nobody_up()
    {
        await using var store = Open();
        await AppendAsync(store, "m1");
        await using (var reader = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await reader.OpenAsync(Cancellation);
            await using var begin = reader.CreateCommand();
            begin.CommandText = "BEGIN; SELECT count(*) FROM readable_batches;";
            await begin.ExecuteScalarAsync(Cancellation);
            await store.EraseAsync(Ana, Cancellation);

            await TwentyAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        }

        Assert.True(new FileInfo(Path + "-wal").Length > 0);
        await AppendAsync(store, "last");
        Assert.Equal(0, new FileInfo(Path + "-wal").Length);

        async Task TwentyAsync()
        {
            for (var i = 0; i < 20; i++) await AppendAsync(store, $"n{i}");
        }
    }

    [Fact]
    public async Task What_was_erased_is_nowhere_in_the_files_any_more()
    {
        const string Canary = "canary-of-the-erased";
        var erased = new ConversationId(Canary + "-key");
        await using var store = Open();
        for (var i = 0; i < 200; i++)
        {
            await store.AppendAsync(erased, new Message($"{Canary}-{i}", Encoding.UTF8.GetBytes($"{Canary} {new string('x', 500)}")), Cancellation);
            await AppendAsync(store, $"m{i}");
        }

        _time.Advance(TimeSpan.FromSeconds(12.5));
        var leased = (await store.ClaimAsync(100, Cancellation)).Batches.First(b => b.Batch.Conversation == erased);
        await store.SaveProgressAsync(leased.Lease, Encoding.UTF8.GetBytes(Canary), Cancellation);
        await store.BuryAsync(leased.Lease, Canary, Cancellation);
        Assert.NotEqual(0, Hits());

        await store.EraseAsync(erased, Cancellation);
        Assert.Equal(0, Hits());
        Assert.NotEmpty((await store.ListAsync(new BatchQuery(), Cancellation)).Batches);

        int Hits() => Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(Path)!).Sum(file => ReadShared(file).AsSpan().Count(Encoding.UTF8.GetBytes(Canary)));

        static byte[] ReadShared(string file)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    [Fact]
    public async Task Two_stores_on_one_file_see_each_other()
    {
        await using var one = Open();
        await using var two = Open();
        await AppendAsync(one, "m1");
        Assert.True((await two.AppendAsync(Ana, Text("m1"), Cancellation)).Duplicate);
        await AppendAsync(two, "m2");
        _time.Advance(TimeSpan.FromSeconds(12.5));
        var leased = Assert.Single((await one.ClaimAsync(10, Cancellation)).Batches);
        Assert.Empty((await two.ClaimAsync(10, Cancellation)).Batches);
        Assert.Equal(FenceOutcome.Held, await two.CompleteAsync(leased.Lease, Cancellation));
        Assert.Equal(2, leased.Batch.MessageCount);
    }

    [Fact]
    public async Task It_writes_ahead_and_flushes_each_commit()
    {
        await using var store = Open();
        using var connection = Connect();
        Assert.Equal("wal", Scalar(connection, "PRAGMA journal_mode"));
        Assert.Equal((long)SqliteSchema.Version, Scalar(connection, "PRAGMA user_version"));
        using var writer = SqliteSchema.Open(_folder.File("other.db"));
        Assert.Equal(2L, Scalar(writer, "PRAGMA synchronous"));
    }

    [Fact]
    public async Task People_read_times_and_bodies_in_the_views()
    {
        await using var store = Open();
        await store.AppendAsync(Ana, new Message("m1", "{\"text\":\"hola\"}"u8.ToArray()), Cancellation);
        using var connection = Connect();
        Assert.Equal("{\"text\":\"hola\"}", Scalar(connection, "SELECT body FROM readable_messages"));
        Assert.Equal(_time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", null), Scalar(connection, "SELECT opened_utc FROM readable_batches"));
    }

    [Fact]
    public async Task The_schema_knows_every_state_by_its_name()
    {
        await using var store = Open();
        using var connection = Connect();
        var schema = (string)Scalar(connection, "SELECT sql FROM sqlite_schema WHERE name = 'batches'")!;
        Assert.All(Enum.GetValues<BatchState>(), state => Assert.Contains($"'{state.Name()}'", schema, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Finding_what_is_due_uses_an_index_and_sorts_nothing()
    {
        await using var store = Open();
        using var connection = Connect();
        var plan = Plan(connection, $"SELECT id, fence FROM conversations WHERE due_at <= 1 AND {SqliteOperations.NotAllPaused} ORDER BY due_at, id LIMIT 1");
        Assert.Contains("conversations_due", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        SqliteSchema.Open(Path).Dispose();
        using (var connection = Connect()) Scalar(connection, $"PRAGMA user_version = {SqliteSchema.Version + 1}");
        Assert.Contains("newer", Refused(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_something_else_is_refused_and_left_alone()
    {
        using (var connection = Connect()) Scalar(connection, "CREATE TABLE memories (id TEXT)");
        Assert.Contains("something else", Refused(Path), StringComparison.Ordinal);
        using var after = Connect();
        Assert.Equal(1L, Scalar(after, "SELECT count(*) FROM sqlite_schema"));
        Assert.Equal("delete", Scalar(after, "PRAGMA journal_mode"));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_alone()
    {
        File.WriteAllText(Path, new string('x', 5000));
        Assert.Contains("not a SQLite database", Refused(Path), StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(Path));
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_refused() =>
        Assert.Contains("Check that it is a file", Refused(_folder.Path), StringComparison.Ordinal);

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        File.WriteAllText(_folder.File("data"), "");
        Assert.Contains("Check its folder", Refused(_folder.File("data/queue.db")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_one_operation_is_not_its_neighbours()
    {
        await using var store = Open();
        using (var connection = Connect())
            Scalar(connection, "CREATE TRIGGER planted BEFORE INSERT ON messages WHEN NEW.id = 'bad' BEGIN SELECT RAISE(ABORT, 'planted'); END");
        var appends = Enumerable.Range(0, 50).Select(i => store.AppendAsync(new ConversationId($"c{i % 7}"), Text(i == 25 ? "bad" : $"m{i}"), Cancellation).AsTask()).ToList();
        var fault = await Assert.ThrowsAsync<BatchStoreException>(() => appends[25]);
        appends.RemoveAt(25);
        Assert.All(await Task.WhenAll(appends), result => Assert.False(result.Duplicate));
        Assert.Contains("planted", fault.Message, StringComparison.Ordinal);
        var batches = (await store.ListAsync(new BatchQuery(), Cancellation)).Batches;
        Assert.Equal(49, batches.Sum(b => b.MessageCount));
        Assert.False((await store.AppendAsync(Ana, Text("m1"), Cancellation)).Duplicate);
    }

    [Fact]
    public async Task An_operation_withdrawn_before_it_began_does_nothing()
    {
        await using var store = Open();
        using var withdrawn = new CancellationTokenSource();
        await withdrawn.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.AppendAsync(Ana, Text("m1"), withdrawn.Token).AsTask());
        Assert.False((await store.AppendAsync(Ana, Text("m1"), Cancellation)).Duplicate);
    }

    [Fact]
    public async Task A_closed_store_says_so_and_can_be_closed_again()
    {
        var store = Open();
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AppendAsync(store, "m1"));
    }

    [Fact]
    public async Task A_fault_that_rolls_back_by_itself_loses_nothing_that_was_taken()
    {
        await using var store = Open();
        await AppendAsync(store, "m1");
        // SQLite ends the transaction, as it does when the disk is full.
        using (var connection = Connect()) Scalar(connection, "CREATE TRIGGER planted BEFORE INSERT ON messages WHEN NEW.id = 'm2' BEGIN SELECT RAISE(ROLLBACK, 'planted'); END");
        await Assert.ThrowsAsync<BatchStoreException>(() => AppendAsync(store, "m2"));
        Assert.False((await store.AppendAsync(Ana, Text("m3"), Cancellation)).Duplicate);
        _time.Advance(TimeSpan.FromSeconds(12.5));
        Assert.Equal(["m1", "m3"], Assert.Single((await store.ClaimAsync(1, Cancellation)).Batches).Batch.Messages.Select(m => m.Message.Id));
    }

    [Fact]
    public async Task A_purge_of_more_than_one_slice_forgets_all()
    {
        await using var store = Open();
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(i => store.AppendAsync(new ConversationId($"c{i}"), Text("m"), Cancellation).AsTask()));
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(i => store.CancelAsync(new ConversationId($"c{i}"), Cancellation).AsTask()));
        _time.Advance(_options.HistoryRetention);
        Assert.Equal(1200, await store.PurgeAsync(Cancellation));
        using var connection = Connect();
        Assert.Equal(0L, Scalar(connection, "SELECT (SELECT count(*) FROM batches) + (SELECT count(*) FROM messages) + (SELECT count(*) FROM message_ids)"));
    }

    private static Message Text(string id) => new(id, "{}"u8.ToArray());

    private static async Task<BatchId> AppendAsync(SqliteBatchStore store, string id) => (await store.AppendAsync(Ana, Text(id), Cancellation)).BatchId!.Value;

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static string Plan(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        using var reader = command.ExecuteReader();
        var plan = "";
        while (reader.Read()) plan += reader.GetString(3) + "\n";
        return plan;
    }

    private SqliteBatchStore Open(string? path = null) => SqliteBatchStore.Open(path ?? Path, _options, _time);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    private string Refused(string path)
    {
        var message = Assert.Throws<BatchStoreException>(() => Open(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
