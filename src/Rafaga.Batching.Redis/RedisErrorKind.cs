namespace Rafaga.Batching.Redis;

/// <summary>Why Redis did not do what it was asked.</summary>
public enum RedisErrorKind
{
    /// <summary>Any other error reply; the message holds it.</summary>
    Server,

    /// <summary>User or password are missing or wrong.</summary>
    Authentication,

    /// <summary>The user may not run the command, or touch the key or the channel; or the server is in protected mode.</summary>
    NotPermitted,

    /// <summary>The server has reached <c>maxmemory</c> and refuses to grow.</summary>
    OutOfMemory,

    /// <summary>The server is a replica.</summary>
    ReadOnly,

    /// <summary>The server is still reading its data from disk.</summary>
    Loading,

    /// <summary>The server cannot save to disk and refuses writes.</summary>
    Persistence,

    /// <summary>Fewer replicas are connected than <c>min-replicas-to-write</c> asks for.</summary>
    TooFewReplicas,

    /// <summary>A script runs for longer than <c>busy-reply-threshold</c>.</summary>
    Busy,

    /// <summary>The cluster does not serve the key at the moment.</summary>
    ClusterDown,

    /// <summary>The keys of one command are on their way to another node.</summary>
    TryAgain,

    /// <summary>The key lives on another node.</summary>
    Moved,

    /// <summary>The key is on its way to another node; ask there, this once.</summary>
    Ask,

    /// <summary>The server does not know the script.</summary>
    NoScript,

    /// <summary>The server cannot be reached, or the connection broke; see <see cref="RedisException.OutcomeUnknown"/>.</summary>
    ConnectionLost,

    /// <summary>No secure connection could be made: the certificate is not trusted, or there is no TLS.</summary>
    Tls,

    /// <summary>No answer came in time.</summary>
    Timeout,

    /// <summary>What was received is not RESP, exceeds the limits, or is not the kind of value that was expected.</summary>
    Protocol,
}
