namespace Rafaga.Contracts;

/// <summary>Where and how batches are delivered.</summary>
public static class BatchEndpoint
{
    /// <summary>Path of the batch webhook.</summary>
    public const string Path = "/webhook/batch";

    /// <summary>Path of the webhook for one raw update, answered as a batch of one.</summary>
    public const string SinglePath = "/webhook";

    /// <summary>Path of the operator's question what a batch would do: the same body, signed as <see cref="OperatorRequest"/> says.</summary>
    public const string DryRunPath = "/api/batches/dry-run";

    /// <summary>Largest body accepted, in bytes: a full batch (256 KiB of messages, twice that for an uncut album) with room for the envelope.</summary>
    public const int MaxBodyBytes = 1024 * 1024;
}
