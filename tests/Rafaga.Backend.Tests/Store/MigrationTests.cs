using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Store;

public abstract class MigrationTests(DatabaseKind kind) : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IReadOnlyList<Migration> Known => Migrator.Known(StoreAddress.Parse(_database.Address).Dialect);

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync(kind, migrated: false);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _database.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_database_becomes_the_newest_schema_and_a_second_start_changes_nothing()
    {
        Assert.Equal(Known.Count, await ApplyAsync());
        Assert.Equal(0, await ApplyAsync());
        Assert.Equal(Known.Select(migration => migration.Name), await _database.QueryAsync("SELECT name FROM schema_migrations ORDER BY version"));
    }

    [Fact]
    public async Task Version_by_version_leads_to_the_same_schema_as_all_at_once()
    {
        foreach (var migration in Known) Assert.Equal(1, await ApplyAsync(migration.Version));
        await using var atOnce = await TestDatabase.CreateAsync(kind, migrated: true);
        Assert.Equal(await SchemaAsync(atOnce), await SchemaAsync(_database));
    }

    [Fact]
    public void Scripts_are_numbered_without_a_gap_and_are_the_same_changes_for_both_databases()
    {
        Assert.Equal(Enumerable.Range(1, Known.Count), Known.Select(migration => migration.Version));
        Assert.Equal(Migrator.Known(Dialect.Sqlite).Select(migration => migration.Name), Known.Select(migration => migration.Name));
    }

    [Fact]
    public async Task Many_processes_that_start_at_once_apply_each_script_once()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ApplyAsync())));
        Assert.Equal(Known.Count, applied.Sum());
    }

    [Fact]
    public async Task A_newer_database_is_refused_with_one_line()
    {
        await ApplyAsync();
        await _database.QueryAsync("INSERT INTO schema_migrations VALUES (99, '0099_future', '') RETURNING version");
        var error = await Assert.ThrowsAsync<StoreUnusableException>(() => ApplyAsync());
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_column_that_the_code_knows_is_in_the_schema()
    {
        await ApplyAsync();
        await using var db = _database.Open();
        foreach (var entity in db.Model.GetEntityTypes())
        {
            var columns = await _database.QueryAsync(kind == DatabaseKind.Sqlite
                ? $"SELECT name FROM pragma_table_xinfo('{entity.GetTableName()}')"
                : $"SELECT column_name FROM information_schema.columns WHERE table_name = '{entity.GetTableName()}'");
            Assert.Empty(entity.GetProperties().Select(property => property.GetColumnName()).Except(columns));
        }
    }

    [Fact]
    public async Task Every_reference_is_found_by_an_index_because_each_row_that_goes_asks_who_refers_to_it()
    {
        await ApplyAsync();
        Assert.Empty(await _database.QueryAsync(kind == DatabaseKind.Sqlite
            ? """
              SELECT t.name || '.' || f."from" FROM sqlite_schema t, pragma_foreign_key_list(t.name) f
              WHERE t.type = 'table' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) c WHERE i.partial = 0 AND c.seqno = 0 AND c.name = f."from")
              """
            : """
              SELECT c.conrelid::regclass || '.' || a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
              WHERE c.contype = 'f' AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL AND i.indkey[0] = c.conkey[1])
              """));
    }

    [Fact]
    public async Task Full_text_follows_changes_removals_and_renamed_events()
    {
        await ApplyAsync();
        await using var db = _database.Open();
        await Sample.AddAsync(db, "Boda", "una canción");
        Assert.True(await FoundAsync("cancion boda"));
        await _database.QueryAsync("UPDATE memories SET image_description = 'un río'");
        Assert.True(await FoundAsync("RIO"));
        await _database.QueryAsync("UPDATE events SET name = 'Fiesta'");
        Assert.True(await FoundAsync("fiesta"));
        Assert.False(await FoundAsync("boda"));
        await _database.QueryAsync("UPDATE memories SET deleted = (1 = 1)");
        Assert.False(await FoundAsync("fiesta"));

        async Task<bool> FoundAsync(string words) => await (await db.MatchingAsync(words, null, Token)).AnyAsync(Token);
    }

    [Fact]
    public async Task An_event_counts_what_is_shown_of_it_whatever_happens_to_it()
    {
        await ApplyAsync();
        await using var db = _database.Open();
        var memory = await Sample.AddAsync(db, "Boda", "uno");
        await Sample.AddAsync(db, memory, await db.Messages.SingleAsync(Token), "dos", null);
        var other = new Event { Id = Guid.CreateVersion7(memory.AddedAt), OwnerId = memory.OwnerId, Name = "Fiesta", NameKey = "fiesta", CreatedAt = memory.AddedAt };
        db.Add(other);
        await db.SaveChangesAsync(Token);
        var random = new Random(11);
        string[][] changes =
        [
            ["event_id = NULL", $"event_id = '{Sql(memory.EventId!.Value)}'", $"event_id = '{Sql(other.Id)}'"],
            ["deleted = (1 = 1)", "deleted = (1 = 0)"],
            ["hidden = (1 = 1)", "hidden = (1 = 0)"],
            ["text = 'x'"],
        ];
        for (var i = 0; i < 200; i++)
        {
            var some = changes.Where(_ => random.Next(2) == 0).Select(values => values[random.Next(values.Length)]).DefaultIfEmpty("text = 'y'");
            await _database.QueryAsync($"UPDATE memories SET {string.Join(", ", some)} WHERE number % 2 = {random.Next(2)}");
            var wrong = await _database.QueryAsync("SELECT name FROM events e WHERE memories <> (SELECT count(*) FROM memories m WHERE m.event_id = e.id AND NOT m.deleted AND NOT m.hidden)");
            Assert.Empty(wrong);
        }

        string Sql(Guid id) => kind == DatabaseKind.Sqlite ? id.ToString().ToUpperInvariant() : id.ToString();
    }

    private async Task<int> ApplyAsync(int upTo = int.MaxValue) =>
        await new Migrator(StoreAddress.Parse(_database.Address), new ManualTimeProvider()).ApplyAsync(Token, upTo);

    private Task<IReadOnlyList<string>> SchemaAsync(TestDatabase database) => database.QueryAsync(kind == DatabaseKind.Sqlite
        ? "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql"
        : """
          SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || coalesce(' ' || column_default, '') AS line FROM information_schema.columns WHERE table_schema = 'public'
          UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
          UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
          UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
          UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY line
          """);
}
