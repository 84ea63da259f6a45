namespace Rafaga.Telegram.Types;

/// <summary>What is known of any file.</summary>
/// <param name="FileId">What to download it by; belongs to one bot.</param>
/// <param name="FileUniqueId">Stable identity of the file; cannot be downloaded by.</param>
public abstract record FileReference(string FileId, string FileUniqueId)
{
    /// <summary>Bytes, when known.</summary>
    public long? FileSize { get; init; }
}

/// <summary>One size variant of a photo.</summary>
/// <param name="FileId">What to download it by; belongs to one bot.</param>
/// <param name="FileUniqueId">Stable identity of the file; cannot be downloaded by.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record PhotoSize(string FileId, string FileUniqueId, int Width, int Height) : FileReference(FileId, FileUniqueId);

/// <summary>A file that the sender gave a name and a media type.</summary>
/// <inheritdoc cref="FileReference"/>
public abstract record NamedFile(string FileId, string FileUniqueId) : FileReference(FileId, FileUniqueId)
{
    /// <summary>Name given by the sender.</summary>
    public string? FileName { get; init; }

    /// <summary>Media type claimed by the sender.</summary>
    public string? MimeType { get; init; }

    /// <summary>A small picture of it, made by the server.</summary>
    public PhotoSize? Thumbnail { get; init; }
}

/// <summary>A file sent as such.</summary>
public sealed record Document(string FileId, string FileUniqueId) : NamedFile(FileId, FileUniqueId);

/// <summary>A film without sound.</summary>
public sealed record Animation(string FileId, string FileUniqueId) : NamedFile(FileId, FileUniqueId)
{
    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }
}

/// <summary>A film.</summary>
public sealed record Video(string FileId, string FileUniqueId) : NamedFile(FileId, FileUniqueId)
{
    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }
}

/// <summary>A round film of the sender.</summary>
public sealed record VideoNote(string FileId, string FileUniqueId) : FileReference(FileId, FileUniqueId)
{
    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>A small picture of it, made by the server.</summary>
    public PhotoSize? Thumbnail { get; init; }
}

/// <summary>Something said.</summary>
public sealed record Voice(string FileId, string FileUniqueId) : FileReference(FileId, FileUniqueId)
{
    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>Media type claimed by the sender.</summary>
    public string? MimeType { get; init; }
}

/// <summary>A piece of music.</summary>
public sealed record Audio(string FileId, string FileUniqueId) : NamedFile(FileId, FileUniqueId)
{
    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>Who plays.</summary>
    public string? Performer { get; init; }

    /// <summary>What is played.</summary>
    public string? Title { get; init; }
}

/// <summary>A sticker.</summary>
public sealed record Sticker(string FileId, string FileUniqueId) : FileReference(FileId, FileUniqueId)
{
    /// <summary>The emoji that it stands for.</summary>
    public string? Emoji { get; init; }
}

/// <summary>Somebody's address.</summary>
public sealed record Contact(string PhoneNumber, string FirstName)
{
    /// <summary>Family name.</summary>
    public string? LastName { get; init; }

    /// <summary>The person, if on Telegram.</summary>
    public long? UserId { get; init; }
}

/// <summary>A place on the map.</summary>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
public sealed record Location(double Latitude, double Longitude);

/// <summary>A place with a name.</summary>
public sealed record Venue(Location Location, string Title, string Address);

/// <summary>Answer of <c>getFile</c>.</summary>
public sealed record TelegramFile(string FileId, string FileUniqueId) : FileReference(FileId, FileUniqueId)
{
    /// <summary>Path to download from; valid for at least one hour.</summary>
    public string? FilePath { get; init; }
}
