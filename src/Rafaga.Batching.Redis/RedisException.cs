namespace Rafaga.Batching.Redis;

/// <summary>Redis did not do what it was asked; the message is one line that names the server and never holds a password.</summary>
public sealed class RedisException(RedisErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public RedisErrorKind Kind { get; } = kind;

    /// <summary>Whether the command may have been carried out although no answer came; only safe to repeat if doing it twice does no harm.</summary>
    /// <value>The default is false: nothing was done.</value>
    public bool OutcomeUnknown { get; init; }

    /// <summary>Whether the same may work a moment later without anybody changing anything.</summary>
    internal bool IsPassing => !OutcomeUnknown && Kind is
        RedisErrorKind.ConnectionLost or RedisErrorKind.Loading or RedisErrorKind.ClusterDown or RedisErrorKind.TryAgain;
}
