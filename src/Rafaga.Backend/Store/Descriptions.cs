namespace Rafaga.Backend.Store;

/// <summary>What a model saw in a picture of one owner, so that it is not asked twice.</summary>
internal sealed class PhotoDescription
{
    public required Guid Id { get; init; }

    public required Guid OwnerId { get; init; }

    public required string Sha256 { get; init; }

    public required string Model { get; init; }

    public required string PromptHash { get; init; }

    public required string Language { get; init; }

    // The 64 bits of how it looks; null when that cannot be told.
    public long? Look { get; init; }

    // Content of the picture that was really looked at; null when it was this one.
    public string? SimilarTo { get; set; }

    // JSON.
    public required string Seen { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
