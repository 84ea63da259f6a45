using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rafaga.Batching.Redis.Resp;

/// <summary><c>redis://[[user]:password@]host[:port][,host[:port]…][/database]</c>, or <c>rediss://</c> for TLS. Several hosts are nodes of one cluster.</summary>
/// <remarks>Neither <see cref="ToString"/> nor any error shows a password.</remarks>
internal sealed class RedisUrl
{
    public const int DefaultPort = 6379;

    public const int MaxPort = 65535;

    private const string Shape = "redis://[user:password@]host[:port][/database], or rediss:// for TLS";

    private RedisUrl(IReadOnlyList<RespEndpoint> servers) => Servers = servers;

    /// <summary>Where to ask first; at least one.</summary>
    public IReadOnlyList<RespEndpoint> Servers { get; }

    public bool Tls { get; private init; }

    /// <summary>Null for the user that Redis calls <c>default</c>.</summary>
    public string? User { get; private init; }

    public string? Password { get; private init; }

    public int Database { get; private init; }

    /// <summary>Reads a URL.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="url">The result; null when it cannot be read.</param>
    /// <param name="problem">One line that says what is wrong with it and shows nothing of it.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RedisUrl? url, [NotNullWhen(false)] out string? problem)
    {
        url = null;
        problem = Read((text ?? "").Trim(), ref url);
        return problem is null;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var credentials = Password is null ? "" : $"{(User is null ? "" : Uri.EscapeDataString(User))}:***@";
        return $"{(Tls ? "rediss" : "redis")}://{credentials}{string.Join(',', Servers)}{(Database == 0 ? "" : $"/{Database}")}";
    }

    private static string? Read(string text, ref RedisUrl? url)
    {
        bool tls;
        if (text.StartsWith("redis://", StringComparison.OrdinalIgnoreCase)) tls = false;
        else if (text.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase)) tls = true;
        else return $"The address of Redis must look like {Shape}.";

        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var authorityEnd = rest.IndexOfAny(['/', '?', '#']);
        var (authority, tail) = authorityEnd < 0 ? (rest, "") : (rest[..authorityEnd], rest[authorityEnd..]);
        if (tail.Contains('@', StringComparison.Ordinal))
            return "The user and the password in the address of Redis must be percent-encoded: '/' is %2F, '?' is %3F, '#' is %23.";

        var at = authority.LastIndexOf('@');
        string? user = null;
        string? password = null;
        if (at >= 0)
        {
            var colon = authority.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || colon > at) return "The address of Redis names a user without a password; write user:password@, or :password@ without a user.";
            user = Decode(authority[..colon]);
            password = Decode(authority[(colon + 1)..at]);
            if (user is null || password is null) return "The user or the password in the address of Redis has a '%' that begins no percent-encoding; '%' itself is %25.";
            if (password.Length == 0) return "The address of Redis has an empty password; leave out everything up to the '@' to use none.";
        }

        List<RespEndpoint> servers = [];
        foreach (var part in authority[(at + 1)..].Split(','))
        {
            if (ReadServer(part, out var server) is { } problem) return problem;
            servers.Add(server);
        }

        var database = 0;
        if (tail is not ("" or "/"))
        {
            if (tail[0] != '/') return "The address of Redis takes no options after '?' or '#'.";
            if (!int.TryParse(tail.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out database))
                return "What follows the host in the address of Redis must be the number of the database, such as /0.";
        }

        url = new RedisUrl(servers) { Tls = tls, User = user is "" ? null : user, Password = password, Database = database };
        return null;
    }

    private static string? ReadServer(string text, out RespEndpoint server)
    {
        server = default;
        string host;
        string? port = null;
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || (close + 1 < text.Length && text[close + 1] != ':')) return "The IPv6 host in the address of Redis must stand in brackets, such as [::1]:6379.";
            host = text[1..close];
            if (Uri.CheckHostName(host) != UriHostNameType.IPv6) return "What stands in brackets in the address of Redis is not an IPv6 host.";
            if (close + 1 < text.Length) port = text[(close + 2)..];
        }
        else
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon != text.LastIndexOf(':')) return "An IPv6 host in the address of Redis must stand in brackets, such as [::1]:6379.";
            host = colon < 0 ? text : text[..colon];
            if (host.Length == 0) return "The address of Redis names no host.";
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown) return "The host in the address of Redis is not the name of a host.";
            if (colon >= 0) port = text[(colon + 1)..];
        }

        var number = DefaultPort;
        if (port is not null && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is < 1 or > MaxPort))
            return $"The port in the address of Redis is not a number from 1 to {MaxPort}.";
        server = new RespEndpoint(host, number);
        return null;
    }

    private static string? Decode(string text)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2])) return null;
        }

        return Uri.UnescapeDataString(text);
    }
}
