using Microsoft.Data.Sqlite;
using Rafaga.Batching.Sqlite;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Sqlite;

/// <summary>Files of earlier versions become files of this one, with everything that was in them.</summary>
public sealed class MigrationTests : IDisposable
{
    private static readonly ConversationId Ana = new("ana");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly BatchingOptions _options = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_version_1_keeps_windows_batches_messages_and_ids()
    {
        MakeVersion1();
        await using var store = Open();
        Assert.Equal(new BatchCounts(1, 0, 1, 0, 1, 0, 1, 1, TimeSpan.FromSeconds(15)), await store.CountAsync(Cancellation));
        var leased = (await store.FindAsync(new BatchId("b2"), Cancellation))!;
        Assert.Equal((BatchState.Leased, CloseReason.Quiet, 7L, 2), (leased.State, leased.CloseReason!.Value, leased.Fence, leased.Attempt));
        Assert.Equal(["m2", "m3"], leased.Messages.Select(m => m.Message.Id));
        Assert.Equal("note"u8.ToArray(), leased.Progress.ToArray());
        Assert.True((await store.AppendAsync(Ana, new Message("m1", "{}"u8.ToArray()), Cancellation)).Duplicate);

        // What is new works on what is old.
        Assert.Equal(new SupersedeResult(FenceOutcome.Held, new BatchId("b3")), await store.SupersedeAsync(new Lease(Ana, leased.Id, 7), Cancellation));
        Assert.Equal(["m2", "m3", "m4"], (await store.FindAsync(new BatchId("b3"), Cancellation))!.Messages.Select(m => m.Message.Id));
        Assert.True(await store.PauseAsync(Ana, Cancellation));
    }

    [Fact]
    public async Task A_migrated_file_has_the_schema_of_a_new_one()
    {
        MakeVersion1();
        await using (Open())
        {
            // The file is migrated.
        }

        SqliteSchema.Open(_folder.File("new.db")).Dispose();
        Assert.Equal(Ask("new.db", "SELECT group_concat(name || coalesce(sql, ''), ';') FROM (SELECT * FROM sqlite_schema ORDER BY name)"),
            Ask("queue.db", "SELECT group_concat(name || coalesce(sql, ''), ';') FROM (SELECT * FROM sqlite_schema ORDER BY name)"));
        Assert.Equal((long)SqliteSchema.Version, Ask("queue.db", "PRAGMA user_version"));
        Assert.Null(Ask("queue.db", "PRAGMA foreign_key_check"));
        Assert.Equal("ok", Ask("queue.db", "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Foreign_keys_are_on_after_a_migration()
    {
        MakeVersion1();
        using (var writer = SqliteSchema.Open(_folder.File("queue.db"))) Assert.Equal(1L, Scalar(writer, "PRAGMA foreign_keys"));
        _time.Advance(_options.HistoryRetention);
        await using var store = Open();
        Assert.Equal(2, await store.PurgeAsync(Cancellation));
        Assert.Equal(4L, Ask("queue.db", "SELECT count(*) FROM messages"));
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_file_as_it_was()
    {
        MakeVersion1();
        // In the way of the second script.
        Ask("queue.db", "CREATE TABLE pauses (something TEXT)");
        Assert.Throws<BatchStoreException>(Open);
        Assert.Equal(1L, Ask("queue.db", "PRAGMA user_version"));
        Assert.Equal(6L, Ask("queue.db", "SELECT count(*) FROM readable_messages"));
        Ask("queue.db", "DROP TABLE pauses");
        SqliteSchema.Open(_folder.File("queue.db")).Dispose();
        Assert.Equal((long)SqliteSchema.Version, Ask("queue.db", "PRAGMA user_version"));
    }

    /// <summary>The script of version 1 is the one that was released; rows as that version wrote them.</summary>
    private void MakeVersion1()
    {
        using var script = new StreamReader(typeof(SqliteSchema).Assembly.GetManifestResourceStream("0001_initial.sql")!);
        var now = _time.GetUtcNow().UtcTicks;
        var soon = _time.GetUtcNow().AddSeconds(15).UtcTicks;
        Ask("queue.db", $"""
            PRAGMA journal_mode = WAL;
            {script.ReadToEnd()}
            PRAGMA application_id = {0x52616651};
            PRAGMA user_version = 1;
            INSERT INTO conversations VALUES ('ana', 4, 7, {soon}), ('luis', 2, 1, NULL);
            INSERT INTO batches VALUES
              ('b1', 'ana', NULL, 'done', 'quiet', {now}, {now}, {now}, {now}, {now}, 1, 0, 2, NULL, 1, 0, 6, NULL, NULL),
              ('b2', 'ana', 2, 'leased', 'quiet', {now}, {now}, {now}, NULL, {soon}, 2, 1, 4, NULL, 2, 1, 7, CAST('note' AS BLOB), 'failed'),
              ('b3', 'ana', 3, 'open', NULL, {now}, {now}, NULL, NULL, {soon}, 1, 0, 2, NULL, 0, 0, 0, NULL, NULL),
              ('b4', 'luis', NULL, 'dead', 'flush', {now}, {now}, {now}, {now}, {now}, 1, 0, 2, NULL, 5, 0, 1, NULL, 'refused'),
              ('b5', 'luis', NULL, 'cancelled', 'cancel', {now}, {now}, {now}, {now}, {now}, 1, 0, 2, NULL, 0, 0, 0, NULL, NULL);
            INSERT INTO messages VALUES
              ('b1', 1, 'm1', {now}, NULL, 0, 0, CAST('1' AS BLOB)), ('b2', 2, 'm2', {now}, NULL, 0, 1, CAST('2' AS BLOB)),
              ('b2', 3, 'm3', {now}, NULL, 0, 0, CAST('3' AS BLOB)), ('b3', 4, 'm4', {now}, NULL, 0, 0, CAST('4' AS BLOB)),
              ('b4', 1, 'm5', {now}, NULL, 0, 0, CAST('5' AS BLOB)), ('b5', 2, 'm6', {now}, NULL, 0, 0, CAST('6' AS BLOB));
            INSERT INTO message_ids VALUES ('ana', 'm1', {now}), ('ana', 'm2', {now});
            """);
    }

    private SqliteBatchStore Open() => SqliteBatchStore.Open(_folder.File("queue.db"), _options, _time);

    private object? Ask(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File(file)};Pooling=False");
        connection.Open();
        return Scalar(connection, sql);
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
