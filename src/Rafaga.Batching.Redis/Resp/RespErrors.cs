namespace Rafaga.Batching.Redis.Resp;

/// <summary>The one place that knows what the first word of an error reply means.</summary>
internal static class RespErrors
{
    public static RedisErrorKind KindOf(ReadOnlySpan<byte> reply)
    {
        var end = reply.IndexOf((byte)' ');
        var word = end < 0 ? reply : reply[..end];
        if (word.SequenceEqual("MOVED"u8)) return RedisErrorKind.Moved;
        if (word.SequenceEqual("ASK"u8)) return RedisErrorKind.Ask;
        if (word.SequenceEqual("NOSCRIPT"u8)) return RedisErrorKind.NoScript;
        if (word.SequenceEqual("OOM"u8)) return RedisErrorKind.OutOfMemory;
        if (word.SequenceEqual("READONLY"u8)) return RedisErrorKind.ReadOnly;
        if (word.SequenceEqual("LOADING"u8)) return RedisErrorKind.Loading;
        if (word.SequenceEqual("MISCONF"u8)) return RedisErrorKind.Persistence;
        if (word.SequenceEqual("NOREPLICAS"u8)) return RedisErrorKind.TooFewReplicas;
        if (word.SequenceEqual("BUSY"u8)) return RedisErrorKind.Busy;
        if (word.SequenceEqual("CLUSTERDOWN"u8)) return RedisErrorKind.ClusterDown;
        if (word.SequenceEqual("TRYAGAIN"u8)) return RedisErrorKind.TryAgain;
        if (word.SequenceEqual("NOAUTH"u8) || word.SequenceEqual("WRONGPASS"u8)) return RedisErrorKind.Authentication;
        if (word.SequenceEqual("NOPERM"u8) || word.SequenceEqual("DENIED"u8)) return RedisErrorKind.NotPermitted;
        return RedisErrorKind.Server;
    }

    public static RedisException From(RespValue error, RespEndpoint server) =>
        new(error.ErrorKind, $"Redis at {server} says: {error.AsText()}");

    public static RedisException Unreachable(RespEndpoint server, string why, Exception? inner = null) =>
        new(RedisErrorKind.ConnectionLost, $"Redis at {server} cannot be reached: {why}", inner);

    public static RedisException Malformed(string what) => new(RedisErrorKind.Protocol, $"This is not an answer of Redis: {what}.");
}
