namespace Rafaga.Batching.Redis.Resp;

/// <summary>What is said first on a new connection: protocol, user and password, name, database.</summary>
internal sealed class RespGreeting(RespConnection connection, RespClientOptions options)
{
    private const string Cluster = "cluster";

    /// <returns>Whether the server is a node of a cluster; false also when it does not say.</returns>
    /// <exception cref="RedisException">The server does not let us in.</exception>
    public async ValueTask<bool> GreetAsync(CancellationToken cancellationToken)
    {
        var mode = options.Protocol == 3 ? await HelloAsync(cancellationToken).ConfigureAwait(false) : null;
        if (mode is null) mode = await AuthenticateAsync(cancellationToken).ConfigureAwait(false);
        if (mode == "sentinel") throw new RedisException(RedisErrorKind.Server, $"The server at {connection.Server} is a Redis Sentinel; give the address of Redis itself.");
        if (options.Url.Database != 0) Check(await AskAsync(new RespCommand("SELECT", options.Url.Database), cancellationToken).ConfigureAwait(false));
        return mode == Cluster;
    }

    /// <summary>RESP3; null when the server does not know it.</summary>
    private async ValueTask<string?> HelloAsync(CancellationToken cancellationToken)
    {
        var command = options.Url.Password is { } password
            ? new RespCommand("HELLO", 3, "AUTH", options.Url.User ?? "default", password, "SETNAME", options.ClientName)
            : new RespCommand("HELLO", 3, "SETNAME", options.ClientName);
        var reply = await AskAsync(command, cancellationToken).ConfigureAwait(false);
        if (reply.IsError && (StartsWith(reply, "NOPROTO"u8) || StartsWith(reply, "ERR unknown command"u8))) return null;
        Check(reply);
        for (var i = 0; i + 1 < reply.Items.Length; i += 2)
        {
            if (reply.Items[i].AsBytes().Span.SequenceEqual("mode"u8)) return reply.Items[i + 1].AsText();
        }

        return "";
    }

    /// <summary>RESP2.</summary>
    private async ValueTask<string> AuthenticateAsync(CancellationToken cancellationToken)
    {
        if (options.Url.Password is { } password)
        {
            var command = options.Url.User is { } user ? new RespCommand("AUTH", user, password) : new RespCommand("AUTH", password);
            var reply = await AskAsync(command, cancellationToken).ConfigureAwait(false);
            if (reply.IsError) throw Refused(reply);
        }

        // The name is only for people who list connections: a server that does not take it is as good.
        var named = await AskAsync(new RespCommand("CLIENT", "SETNAME", options.ClientName), cancellationToken).ConfigureAwait(false);
        if (named.ErrorKind == RedisErrorKind.Authentication) throw Refused(named);
        return (await AskAsync(new RespCommand("CLUSTER", "INFO"), cancellationToken).ConfigureAwait(false)).IsError ? "" : Cluster;
    }

    private ValueTask<RespValue> AskAsync(in RespCommand command, CancellationToken cancellationToken) =>
        connection.SendAsync(command, cancellationToken: cancellationToken);

    private void Check(RespValue reply)
    {
        if (!reply.IsError) return;
        throw reply.ErrorKind == RedisErrorKind.Authentication
            ? Refused(reply)
            : new RedisException(reply.ErrorKind, $"Redis at {connection.Server} says: {WithoutPassword(reply)}");
    }

    private RedisException Refused(RespValue error) => new(
        RedisErrorKind.Authentication,
        options.Url.Password is null
            ? $"Redis at {connection.Server} asks for a password, and its address holds none."
            : $"Redis at {connection.Server} refuses the user or the password: {WithoutPassword(error)}");

    // A server that does not know a command repeats its arguments.
    private string WithoutPassword(RespValue error) =>
        options.Url.Password is { } password ? error.AsText().Replace(password, "***", StringComparison.Ordinal) : error.AsText();

    private static bool StartsWith(RespValue error, ReadOnlySpan<byte> text) => error.AsBytes().Span.StartsWith(text);
}
