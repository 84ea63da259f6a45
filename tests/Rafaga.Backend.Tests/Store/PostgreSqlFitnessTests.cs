using Npgsql;
using Rafaga.Backend.Store;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Store;

public sealed class PostgreSqlFitnessTests
{
    [Theory]
    [InlineData("synchronous_commit=off", "synchronous_commit")]
    [InlineData("fsync=off", "fsync")]
    public async Task A_server_that_may_lose_what_was_answered_is_refused(string setting, string named)
    {
        await using var server = await PostgreSqlServer.StartAsync(setting);
        Assert.Contains(named, await RefusalAsync(server.Url("postgres")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_stands_in_the_way_of_a_start_gets_one_line_that_names_the_fix()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await server.SqlAsync("CREATE ROLE reader LOGIN PASSWORD 'x'");
        await server.SqlAsync("CREATE DATABASE latin TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");

        Assert.Contains("DATABASE_URL", await RefusalAsync(server.Url("postgres", "wrong")), StringComparison.Ordinal);
        Assert.Contains("createdb", await RefusalAsync(server.Url("absent")), StringComparison.Ordinal);
        Assert.Contains("ENCODING 'UTF8'", await RefusalAsync(server.Url("latin")), StringComparison.Ordinal);
        Assert.Contains("OWNER", await RefusalAsync($"postgres://reader:x@127.0.0.1:{server.Port}/postgres"), StringComparison.Ordinal);
        Assert.Contains("sslmode", await RefusalAsync(server.Url("postgres") + "?sslmode=require"), StringComparison.Ordinal);
        await server.KillAsync();
        Assert.Contains("cannot be reached", await RefusalAsync(server.Url("postgres")), StringComparison.Ordinal);
        Assert.Contains("cannot be reached", await RefusalAsync("postgres://ana:x@name.invalid/memories"), StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(string url)
    {
        NpgsqlConnection.ClearAllPools();
        var migrator = new Migrator(StoreAddress.Parse(url), TimeProvider.System);
        var error = (await Assert.ThrowsAsync<StoreUnusableException>(() => migrator.ApplyAsync(TestContext.Current.CancellationToken))).Message;
        Assert.DoesNotContain('\n', error);
        Assert.DoesNotContain(PostgreSqlServer.Password, error, StringComparison.Ordinal);
        return error;
    }
}
