using System.Globalization;
using Rafaga.Telegram.Types;

namespace Rafaga.Backend.Delivery;

/// <summary>One message of a burst, in the words of this product.</summary>
/// <param name="Id">Message id within the conversation.</param>
/// <param name="Kind">One of <see cref="BurstKind"/>.</param>
/// <param name="SentAt">When the person sent it; an edit keeps the time of what it changes.</param>
/// <param name="ReceivedAt">When it was appended.</param>
internal sealed record BurstMessage(string Id, string Kind, DateTimeOffset SentAt, DateTimeOffset ReceivedAt)
{
    /// <summary>Text, or caption of a file.</summary>
    public string? Text { get; init; }

    /// <summary>Shared by the members of an album.</summary>
    public string? Album { get; init; }

    /// <summary>The file that came with it.</summary>
    public MediaFile? Media { get; init; }

    /// <summary>For an edit: id of the message that it changes.</summary>
    public string? Edits { get; init; }

    /// <summary>When it was edited last.</summary>
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>Id of the message that it answers.</summary>
    public string? RepliesTo { get; init; }

    /// <summary>Where it comes from, when it is somebody else's.</summary>
    public Forwarded? Forwarded { get; init; }

    /// <summary>The place that it shows on the map.</summary>
    public Place? Place { get; init; }

    /// <summary>The address that it hands on.</summary>
    public SharedContact? Contact { get; init; }

    /// <summary>The emoji that its sticker stands for.</summary>
    public string? Sticker { get; init; }

    /// <summary>What the Bot API calls it, when it is of a kind that cannot be kept; <see cref="BurstKind.Other"/> when even that is not known.</summary>
    public string? Unkept { get; init; }
}

/// <summary>What messages and files are.</summary>
internal static class BurstKind
{
    public const string Text = "text";
    public const string Photo = "photo";
    public const string Video = "video";
    public const string Voice = "voice";
    public const string Audio = "audio";
    public const string Document = "document";
    public const string Sticker = "sticker";
    public const string Location = "location";
    public const string Contact = "contact";
    public const string Edit = "edit";
    public const string Other = "other";

    /// <summary>What cannot even be read, where it is told what cannot be kept.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Told already by another message of its batch, or by a newer edit: only remembered, so that it is not taken again.</summary>
    public const string Absorbed = "absorbed";
}

/// <summary>A file before it is fetched.</summary>
/// <param name="FileId">What to download it by.</param>
/// <param name="FileUniqueId">Stable identity of the file.</param>
/// <param name="Kind">What it was sent as.</param>
/// <param name="Size">Bytes, when known.</param>
internal sealed record MediaFile(string FileId, string FileUniqueId, string Kind, long? Size)
{
    private static readonly string[] Pictures = ["image/jpeg", "image/png", "image/webp", "image/gif"];

    /// <summary>What the Bot API calls it: it can only be sent again as what it came.</summary>
    public required string SentAs { get; init; }

    /// <summary>Smaller sizes of the same picture that Telegram has.</summary>
    public IReadOnlyList<PhotoSize> Smaller { get; init; } = [];

    /// <summary>What its sender calls it.</summary>
    public string? MediaType { get; init; }

    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>Name of the file, or of the piece of music; its sender's words.</summary>
    public string? Name { get; init; }

    /// <summary>Whether its sender calls it a picture of a format that we know.</summary>
    public bool MustBeImage => Kind == BurstKind.Photo || (Kind == BurstKind.Document && Pictures.Contains(MediaType, StringComparer.OrdinalIgnoreCase));
}

/// <summary>Where a forwarded message comes from.</summary>
/// <param name="From">Name of who wrote it; its sender's words.</param>
/// <param name="Date">When it was first sent.</param>
internal sealed record Forwarded(string? From, DateTimeOffset Date);

/// <summary>Somebody's address, handed on.</summary>
internal sealed record SharedContact(string? Name, string? Phone);

/// <summary>A place on the map, perhaps with a name.</summary>
internal sealed record Place(double Latitude, double Longitude, string? Name)
{
    /// <summary>Null when these are no coordinates.</summary>
    public static Place? Of(double latitude, double longitude, string? name = null) =>
        latitude is >= -90 and <= 90 && longitude is >= -180 and <= 180 ? new Place(latitude, longitude, name) : null;

    /// <summary>As it is kept and told: <c>Casa Lucio, Cava Baja 35 (40.41236,-3.70893)</c>, or the coordinates alone. Five digits are a metre.</summary>
    public override string ToString()
    {
        var coordinates = string.Create(CultureInfo.InvariantCulture, $"{Latitude:F5},{Longitude:F5}");
        return Name is null ? coordinates : $"{Name} ({coordinates})";
    }
}
