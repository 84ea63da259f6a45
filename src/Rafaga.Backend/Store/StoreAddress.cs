using Microsoft.Data.Sqlite;
using Npgsql;

namespace Rafaga.Backend.Store;

/// <summary>Where the database is: <c>sqlite:path</c> or <c>postgres://user:password@host:port/database?sslmode=…</c>. No error shows a password.</summary>
internal sealed class StoreAddress
{
    private const string SqlitePrefix = "sqlite:";
    private const string Shape = "postgres://user:password@host:5432/database?sslmode=require, or sqlite:path";
    // Few, because a server admits 100 by default and several processes share it; a turn holds one only while it reads or writes.
    private const int MaxConnections = 20;
    private const int ConnectSeconds = 15;

    private StoreAddress(Dialect dialect, string connectionString, string shown) => (Dialect, ConnectionString, Shown) = (dialect, connectionString, shown);

    public Dialect Dialect { get; }

    public string ConnectionString { get; }

    /// <summary>For people: the path, or host, port and database.</summary>
    public string Shown { get; }

    /// <exception cref="StoreUnusableException">It cannot be read.</exception>
    public static StoreAddress Parse(string text)
    {
        text = text.Trim();
        if (text.StartsWith(SqlitePrefix, StringComparison.OrdinalIgnoreCase)) return Sqlite(text[SqlitePrefix.Length..]);
        if (text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)) return PostgreSql(text);
        throw new StoreUnusableException($"The address of the database must look like {Shape}.");
    }

    private static StoreAddress Sqlite(string path)
    {
        // sqlite:///var/lib/memory.db is how URLs say /var/lib/memory.db.
        var file = path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path;
        if (file.Length == 0 || file.StartsWith(':')) throw new StoreUnusableException("The address of the database names no file: sqlite:path/to/memory.db.");
        var builder = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            ForeignKeys = true,
            // How long a statement waits for another process's write lock.
            DefaultTimeout = 30,
        };
        return new StoreAddress(Dialect.Sqlite, builder.ToString(), file);
    }

    private static StoreAddress PostgreSql(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Fragment.Length > 0 || url.Host.Length == 0)
            throw new StoreUnusableException($"The address of PostgreSQL cannot be read. It must look like {Shape}; in user and password '/' is %2F, '?' is %3F, '#' is %23, '@' is %40, '%' is %25.");
        var colon = url.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var user = Uri.UnescapeDataString(colon < 0 ? url.UserInfo : url.UserInfo[..colon]);
        if (user.Length == 0) throw new StoreUnusableException($"The address of PostgreSQL names no user. It must look like {Shape}.");

        var database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/'));
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.IsDefaultPort || url.Port < 0 ? NpgsqlConnection.DefaultPort : url.Port,
            Username = user,
            Password = colon < 0 ? null : Uri.UnescapeDataString(url.UserInfo[(colon + 1)..]),
            Database = database.Length == 0 ? user : database,
            ApplicationName = "rafaga",
            MaxPoolSize = MaxConnections,
            Timeout = ConnectSeconds,
        };
        foreach (var option in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)) Set(builder, option);
        return new StoreAddress(Dialect.PostgreSql, builder.ToString(), $"{builder.Host}:{builder.Port}/{builder.Database}");
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = equals < 0 ? (option, "") : (option[..equals], Uri.UnescapeDataString(option[(equals + 1)..]));
        switch (name)
        {
            case "sslmode":
                builder.SslMode = value switch
                {
                    "disable" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    "verify-full" => SslMode.VerifyFull,
                    _ => throw new StoreUnusableException("sslmode in the address of PostgreSQL must be disable, allow, prefer, require, verify-ca or verify-full."),
                };
                break;
            case "sslrootcert":
                builder.RootCertificate = value;
                break;
            default:
                throw new StoreUnusableException("The address of PostgreSQL takes the options sslmode and sslrootcert only.");
        }
    }
}
