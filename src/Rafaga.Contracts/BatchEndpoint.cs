namespace Rafaga.Contracts;

/// <summary>Where and how batches are delivered.</summary>
public static class BatchEndpoint
{
    /// <summary>Path of the batch webhook.</summary>
    public const string Path = "/webhook/batch";

    /// <summary>Path of the webhook for one raw update, answered as a batch of one.</summary>
    public const string SinglePath = "/webhook";

    /// <summary>Largest body accepted, in bytes: a full batch (256 KiB of messages, twice that for an uncut album) with room for the envelope.</summary>
    public const int MaxBodyBytes = 1024 * 1024;
}
