using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Rafaga.Backend.Store;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Databases;

/// <summary>A database of a test's own.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string? _folder;
    private readonly SharedPostgreSql? _server;

    private TestDatabase(string address, string? folder, SharedPostgreSql? server) => (Address, _folder, _server) = (address, folder, server);

    public string Address { get; }

    /// <summary>Makes one, empty or with the newest schema.</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind, bool migrated)
    {
        if (kind == DatabaseKind.PostgreSql)
        {
            var server = SharedPostgreSql.Current;
            return new TestDatabase(await server.CreateAsync(migrated), null, server);
        }

        var folder = Directory.CreateTempSubdirectory("rafaga-database-").FullName;
        var database = new TestDatabase($"sqlite:{Path.Combine(folder, "new", "memory.db")}", folder, null);
        if (migrated) await new Migrator(StoreAddress.Parse(database.Address), TimeProvider.System).ApplyAsync(TestContext.Current.CancellationToken);
        return database;
    }

    /// <summary>One on a server of the test's own, which ends with it.</summary>
    public static TestDatabase On(PostgreSqlServer server) => new(server.Url("postgres"), null, null);

    public MemoryDb Open()
    {
        var address = StoreAddress.Parse(Address);
        var builder = new DbContextOptionsBuilder<MemoryDb>();
        address.Dialect.Configure(builder, address.ConnectionString);
        return new MemoryDb(builder.Options);
    }

    /// <summary>Runs SQL; the first column of what it gives back, as text.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string sql)
    {
        await using var connection = Connect();
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> rows = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return rows;
    }

    /// <summary>Every row of every table, as text, in an order of its own.</summary>
    public async Task<IReadOnlyList<string>> DumpAsync()
    {
        var isSqlite = _server is null;
        var tables = await QueryAsync(isSqlite
            ? "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
            : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name");
        List<string> dump = [];
        foreach (var table in tables)
        {
            await using var connection = Connect();
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            List<string> rows = [];
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                rows.Add($"{table}: {string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)))}");
            dump.AddRange(rows.Order(StringComparer.Ordinal));
        }

        return dump;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DropAsync(Address);
            return;
        }

        if (_folder is null) return;
        using (var connection = (SqliteConnection)Connect()) SqliteConnection.ClearPool(connection);
        Directory.Delete(_folder, recursive: true);
    }

    private DbConnection Connect()
    {
        var address = StoreAddress.Parse(Address);
        return address.Dialect == Dialect.Sqlite ? new SqliteConnection(address.ConnectionString) : new NpgsqlConnection(address.ConnectionString);
    }
}
