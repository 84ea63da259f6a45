using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Store;

public sealed class MigrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rafaga-migrations-").FullName;

    private string File => Path.Combine(_folder, "new", "memory.db");

    [Fact]
    public async Task An_empty_folder_becomes_the_newest_schema_and_a_second_start_changes_nothing()
    {
        Assert.Equal(Migrator.Known.Count, await ApplyAsync());
        Assert.Equal(0, await ApplyAsync());
        Assert.Equal(["wal"], Query("PRAGMA journal_mode"));
        Assert.Equal(Migrator.Known.Select(migration => migration.Name), Query("SELECT name FROM schema_migrations ORDER BY version"));
    }

    [Fact]
    public void Scripts_are_numbered_without_a_gap() =>
        Assert.Equal(Enumerable.Range(1, Migrator.Known.Count), Migrator.Known.Select(migration => migration.Version));

    [Fact]
    public async Task Many_processes_that_start_at_once_apply_each_script_once()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(ApplyAsync)));
        Assert.Equal(Migrator.Known.Count, applied.Sum());
    }

    [Fact]
    public async Task A_newer_database_is_refused_with_one_line()
    {
        await ApplyAsync();
        Query("INSERT INTO schema_migrations VALUES (99, '0099_future', '') RETURNING version");
        var error = await Assert.ThrowsAsync<StoreUnusableException>(ApplyAsync);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_one_line()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5000), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<StoreUnusableException>(ApplyAsync);
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_through_a_file_is_refused_with_one_line()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "new"), "", TestContext.Current.CancellationToken);
        Assert.Contains(File, (await Assert.ThrowsAsync<StoreUnusableException>(ApplyAsync)).Message, StringComparison.Ordinal);
        Assert.Contains(File, Assert.Throws<StoreUnusableException>(new PhotoFolder(File).Create).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_column_that_the_code_knows_is_in_the_schema()
    {
        await ApplyAsync();
        var builder = new DbContextOptionsBuilder<MemoryDb>();
        SqliteStore.Configure(builder, File);
        await using var db = new MemoryDb(builder.Options);
        foreach (var entity in db.Model.GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            var columns = Query($"SELECT name FROM pragma_table_info('{table}')");
            Assert.Empty(entity.GetProperties().Select(property => property.GetColumnName()).Except(columns));
        }

        Assert.Equal(["2"], await db.Database.SqlQueryRaw<string>("PRAGMA synchronous").ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["1"], await db.Database.SqlQueryRaw<string>("PRAGMA foreign_keys").ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Full_text_follows_changes_removals_and_renamed_events()
    {
        await ApplyAsync();
        Query("""
            INSERT INTO users VALUES ('u', 1, 1, 'Ana', 'ana', NULL, 'es', '');
            INSERT INTO conversations VALUES ('c', 'k', 'u', 1, NULL, '');
            INSERT INTO batches VALUES ('b', 'c', 'h', 'done', 1, 'x', '', NULL, 1, 1, 1, 0, 1, 1, '', NULL);
            INSERT INTO messages VALUES ('m', 'c', 'b', 'user', 'm1', 'photo', NULL, '', '');
            INSERT INTO photos VALUES ('p', 'f', 's', 1, 'image/jpeg', 1, 1, 'x', NULL, '');
            INSERT INTO events VALUES ('e', 'u', 'Boda', 'boda', NULL, '');
            INSERT INTO memories VALUES (7, 'r', 'u', 'e', 'p', 'm', 'una canción', NULL, NULL, '', 1, 0);
            """);
        Assert.Equal(["7"], Query("SELECT rowid FROM memories_fts WHERE memories_fts MATCH 'cancion boda'"));
        Query("UPDATE memories SET image_description = 'un río' WHERE id = 'r'");
        Assert.Equal(["7"], Query("SELECT rowid FROM memories_fts WHERE memories_fts MATCH 'rio'"));
        Query("UPDATE events SET name = 'Fiesta' WHERE id = 'e'");
        Assert.Equal(["7"], Query("SELECT rowid FROM memories_fts WHERE memories_fts MATCH 'fiesta'"));
        Assert.Empty(Query("SELECT rowid FROM memories_fts WHERE memories_fts MATCH 'boda'"));
        Query("UPDATE memories SET deleted = 1 WHERE id = 'r'");
        Assert.Empty(Query("SELECT rowid FROM memories_fts WHERE memories_fts MATCH 'fiesta'"));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<int> ApplyAsync() => new Migrator(File, new ManualTimeProvider()).ApplyAsync(TestContext.Current.CancellationToken);

    private List<string> Query(string sql)
    {
        using var connection = new SqliteConnection(SqliteStore.ConnectionString(File));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read()) rows.Add(reader.GetString(0));
        return rows;
    }
}
