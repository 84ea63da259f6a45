using Rafaga.Backend.Delivery;

namespace Rafaga.Backend.Photos;

/// <summary>One file of a batch (a photo, a video, a voice note…) under the handle that the agent knows it by.</summary>
/// <param name="Handle">P1, P2… in the order of the messages.</param>
/// <param name="Message">The message it came with.</param>
/// <param name="Stored">The file in the archive; null when it could not be used.</param>
/// <param name="Problem">Why it could not be used: one of <see cref="ItemProblem"/>.</param>
internal sealed record ReceivedItem(string Handle, BurstMessage Message, StoredFile? Stored, string? Problem)
{
    public string MessageId => Message.Id;

    public MediaFile Source => Message.Media!;

    /// <summary>What it is: a document that holds a picture is a photo.</summary>
    public string Kind => Stored is { IsImage: true } || (Stored is null && Source.MustBeImage) ? BurstKind.Photo : Source.Kind;

    /// <summary>When it was taken: by the camera's word, else when a forwarded message was first sent.</summary>
    public DateTime? TakenAt => Stored?.TakenAt ?? Message.Forwarded?.Date.DateTime;

    /// <summary>Where it was taken, by the camera's word, else where the person says in the same burst.</summary>
    public string? Place => Stored?.Place ?? SentPlace;

    /// <summary>A place that was sent beside it.</summary>
    public string? SentPlace { get; init; }

    /// <summary>As the agent itself is shown it; null when it is not.</summary>
    public PhotoView? View { get; init; }

    /// <summary>What a model saw in it; null when none has looked.</summary>
    public Seen? Seen { get; init; }

    /// <summary>Whether that was seen in another picture that looks nearly the same.</summary>
    public bool IsSeenBySimilarity { get; init; }
}

/// <summary>A file in the archive; without width and height it is not a picture.</summary>
internal sealed record StoredFile(
    string FileUniqueId, string Sha256, long Size, string MediaType, int Width, int Height, string Path, DateTime? TakenAt, string? Place)
{
    public bool IsImage => Width > 0;
}

internal static class ItemProblem
{
    public const string TooBig = "too_big";
    public const string NotAnImage = "not_an_image";

    /// <summary>It ends too early, or is not what it was sent as.</summary>
    public const string Damaged = "damaged";
    public const string Unavailable = "unavailable";
}
