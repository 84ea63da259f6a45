using Npgsql;
using Rafaga.Backend.Store;
using Xunit;

namespace Rafaga.Backend.Tests.Store;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("sqlite:memory.db", "memory.db")]
    [InlineData(" sqlite:./data/a b.db ", "./data/a b.db")]
    [InlineData("SQLITE:///var/lib/memory.db", "/var/lib/memory.db")]
    public void A_file_is_named_by_its_path(string text, string path)
    {
        var address = StoreAddress.Parse(text);
        Assert.Same(Dialect.Sqlite, address.Dialect);
        Assert.Equal(path, address.Shown);
    }

    [Theory]
    [InlineData("postgres://ana:secret@db", "ana", "secret", "db", 5432, "ana", SslMode.Prefer)]
    [InlineData("postgresql://ana:p%40ss%2Fw%3Ard@db.example:6000/mem%20ories?sslmode=verify-full", "ana", "p@ss/w:rd", "db.example", 6000, "mem ories", SslMode.VerifyFull)]
    [InlineData("postgres://ana@[::1]:5433/memories?sslmode=disable", "ana", null, "::1", 5433, "memories", SslMode.Disable)]
    public void A_server_is_named_as_other_programs_name_it(string text, string user, string? password, string host, int port, string database, SslMode mode)
    {
        var address = StoreAddress.Parse(text);
        var parts = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        Assert.Same(Dialect.PostgreSql, address.Dialect);
        Assert.Equal((user, password, host, port, database, mode), (parts.Username, parts.Password, parts.Host, parts.Port, parts.Database, parts.SslMode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("memory.db")]
    [InlineData("mysql://ana:secret@db/x")]
    [InlineData("sqlite:")]
    [InlineData("sqlite::memory:")]
    [InlineData("postgres://")]
    [InlineData("postgres:///memories")]
    [InlineData("postgres://db/memories")]
    [InlineData("postgres://:secret@db/memories")]
    [InlineData("postgres://ana:secret@db:port/memories")]
    [InlineData("postgres://ana:secret@db:99999/memories")]
    [InlineData("postgres://ana:se/cret@db/memories")]
    [InlineData("postgres://ana:se#cret@db/memories")]
    [InlineData("postgres://ana:secret@db/memories?sslmode=secret")]
    [InlineData("postgres://ana:secret@db/memories?secret=1")]
    public void What_cannot_be_read_gets_one_line_without_the_password(string text)
    {
        var error = Assert.Throws<StoreUnusableException>(() => StoreAddress.Parse(text)).Message;
        Assert.Contains("address", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        Assert.DoesNotContain("cret", error, StringComparison.Ordinal);
    }
}
