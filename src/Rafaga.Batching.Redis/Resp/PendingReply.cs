namespace Rafaga.Batching.Redis.Resp;

/// <summary>A command on its way.</summary>
internal sealed class PendingReply(CancellationToken cancellationToken) : Pending<RespValue>(cancellationToken)
{
    /// <summary>When it was written, as a time stamp.</summary>
    public long WrittenAt { get; set; }

    /// <summary>Where it ends in the stream of all bytes of the connection.</summary>
    public long EndsAt { get; set; }
}
