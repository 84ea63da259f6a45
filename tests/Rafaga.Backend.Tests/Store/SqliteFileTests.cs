using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Store;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File(Path.Combine("new", "memory.db"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_connection_is_durable_and_keeps_relations()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite, migrated: true);
        await using var db = database.Open();
        var token = TestContext.Current.CancellationToken;
        Assert.Equal(["2"], await db.Database.SqlQueryRaw<string>("PRAGMA synchronous").ToListAsync(token));
        Assert.Equal(["1"], await db.Database.SqlQueryRaw<string>("PRAGMA foreign_keys").ToListAsync(token));
        Assert.Equal(["wal"], await db.Database.SqlQueryRaw<string>("PRAGMA journal_mode").ToListAsync(token));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_one_line()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5000), TestContext.Current.CancellationToken);
        Assert.Contains(File, (await Assert.ThrowsAsync<StoreUnusableException>(ApplyAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_through_a_file_is_refused_with_one_line()
    {
        await System.IO.File.WriteAllTextAsync(_folder.File("new"), "", TestContext.Current.CancellationToken);
        Assert.Contains(File, (await Assert.ThrowsAsync<StoreUnusableException>(ApplyAsync)).Message, StringComparison.Ordinal);
        Assert.Contains(File, Assert.Throws<StoreUnusableException>(() => new PhotoFolder(File).Create(TimeProvider.System.GetUtcNow())).Message, StringComparison.Ordinal);
    }

    private Task<int> ApplyAsync() =>
        new Migrator(StoreAddress.Parse($"sqlite:{File}"), new ManualTimeProvider()).ApplyAsync(TestContext.Current.CancellationToken);
}
