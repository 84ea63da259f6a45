namespace Rafaga.Backend.Photos;

/// <summary>One picture of a batch under the handle that the agent knows it by.</summary>
/// <param name="Handle">P1, P2… in the order of the messages.</param>
/// <param name="MessageId">The message it came with.</param>
/// <param name="Stored">The file in the archive; null when it could not be used.</param>
/// <param name="Problem">Why it could not be used: one of <see cref="PhotoProblem"/>.</param>
internal sealed record ReceivedPhoto(string Handle, string MessageId, StoredPhoto? Stored, string? Problem)
{
    /// <summary>As the agent itself is shown it; null when it is not.</summary>
    public PhotoView? View { get; init; }

    /// <summary>What a model saw in it; null when none has looked.</summary>
    public Seen? Seen { get; init; }

    /// <summary>Whether that was seen in another picture that looks nearly the same.</summary>
    public bool IsSeenBySimilarity { get; init; }
}

/// <summary>A picture file in the archive.</summary>
internal sealed record StoredPhoto(
    string FileUniqueId, string Sha256, long Size, string MediaType, int Width, int Height, string Path, DateTime? TakenAt);

internal static class PhotoProblem
{
    public const string TooBig = "too_big";
    public const string NotAnImage = "not_an_image";
    public const string Unavailable = "unavailable";
}
