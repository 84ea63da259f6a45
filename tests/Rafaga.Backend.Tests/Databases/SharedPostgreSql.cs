using Npgsql;
using Rafaga.Backend.Store;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgreSql))]

namespace Rafaga.Backend.Tests.Databases;

/// <summary>One server for all tests, started by the first that needs it; each test has a database of its own.</summary>
public sealed class SharedPostgreSql : IAsyncDisposable
{
    private const string Template = "rafaga_template";
    private readonly Lazy<Task<PostgreSqlServer>> _server = new(StartAsync);

    public static SharedPostgreSql Current => (SharedPostgreSql)TestContext.Current.GetFixture(typeof(SharedPostgreSql)).AsTask().GetAwaiter().GetResult()!;

    /// <summary>Makes a database, empty or with the newest schema.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> CreateAsync(bool migrated)
    {
        var server = await _server.Value;
        var name = $"t{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}";
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {(migrated ? Template : "template0")}");
        return server.Url(name);
    }

    public async Task DropAsync(string address)
    {
        var server = await _server.Value;
        await ExecuteAsync(server, $"DROP DATABASE {address[(address.LastIndexOf('/') + 1)..]} WITH (FORCE)");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_server.IsValueCreated) return;
        NpgsqlConnection.ClearAllPools();
        await (await _server.Value).DisposeAsync();
    }

    private static async Task<PostgreSqlServer> StartAsync()
    {
        var server = await PostgreSqlServer.StartAsync();
        await server.SqlAsync($"CREATE DATABASE {Template} TEMPLATE template0");
        await new Migrator(StoreAddress.Parse(server.Url(Template)), TimeProvider.System).ApplyAsync(CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
        return server;
    }

    private static async Task ExecuteAsync(PostgreSqlServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(StoreAddress.Parse(server.Url("postgres")).ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
