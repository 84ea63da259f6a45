namespace Rafaga.Backend;

/// <summary>Where the backend keeps its data, whom it trusts and how much one turn may cost.</summary>
public sealed class BackendOptions
{
    /// <summary>
    /// Where people, memories and batches are kept: <c>sqlite:path</c> (created when absent) or <c>postgres://user:password@host:port/database?sslmode=…</c>.
    /// </summary>
    public required string Database { get; init; }

    /// <summary>Folder that holds the photos by content hash; created when absent.</summary>
    public required string PhotosFolder { get; init; }

    /// <summary>Secret shared with the worker. <value>The default is null: batches are taken unsigned.</value></summary>
    public string? Secret { get; init; }

    /// <summary>Secret that is still taken while the others change to <see cref="Secret"/>. <value>The default is null.</value></summary>
    public string? PreviousSecret { get; init; }

    /// <summary>
    /// Whether requests below <c>/api</c> from this machine need no signature: the operator's own commands and pages. False where people of the same machine, or of
    /// a page with a login, must not see everything. <value>The default is true.</value>
    /// </summary>
    public bool OpenOnLoopback { get; init; } = true;

    /// <summary>Requests to the model in one turn. <value>The default is 6.</value></summary>
    public int MaxRounds { get; init; } = 6;

    /// <summary>Tool calls carried out in one turn. <value>The default is 60.</value></summary>
    public int MaxToolCalls { get; init; } = 60;

    /// <summary>How long the model may work on one turn. <value>The default is 90 seconds.</value></summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Tokens read and written in one turn. <value>The default is 400,000.</value></summary>
    public long MaxRunTokens { get; init; } = 400_000;

    /// <summary>Cost of one turn in US dollars. <value>The default is 0.50.</value></summary>
    public decimal MaxRunUsd { get; init; } = 0.50m;

    /// <summary>Tokens for one person in 24 hours. <value>The default is null: no limit.</value></summary>
    public long? DailyTokens { get; init; }

    /// <summary>Cost for one person in 24 hours, in US dollars. <value>The default is null: no limit.</value></summary>
    public decimal? DailyUsd { get; init; }

    /// <summary>How long looking at all photos of a batch may take; those that are not done then go without a description. <value>The default is 30 seconds.</value></summary>
    public TimeSpan MaxLookDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Photos of one batch that the agent itself is shown; it is told what is in the others. <value>The default is 10.</value></summary>
    public int MaxImages { get; init; } = 10;

    /// <summary>Tokens that looking at all photos of a batch may take: it chooses the size in which they are shown. <value>The default is 6400.</value></summary>
    public int ImageTokens { get; init; } = 6400;

    /// <summary>
    /// Of the 64 bits of how a photo looks, as many may differ for it to share the description of another one of the same person; 0 describes each by itself, and anew those that shared one.
    /// <value>The default is 3.</value>
    /// </summary>
    public int SimilarBits { get; init; } = 3;

    /// <summary>Largest part of an export in bytes; Telegram takes files of 50 MB. <value>The default is 45 MB.</value></summary>
    public int ExportPartBytes { get; init; } = 45 * 1024 * 1024;

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Database)) throw new ArgumentException("Database must be the address of a database.");
        if (string.IsNullOrWhiteSpace(PhotosFolder)) throw new ArgumentException("PhotosFolder must name a folder.");
        if (Secret is { Length: < 16 }) throw new ArgumentException("Secret must have at least 16 characters.");
        if (PreviousSecret is { Length: < 16 }) throw new ArgumentException("PreviousSecret must have at least 16 characters.");
        if (PreviousSecret is not null && Secret is null) throw new ArgumentException("PreviousSecret needs a Secret beside it.");
        if (MaxRounds < 2) throw new ArgumentException("MaxRounds must be at least 2: one to call tools, one to reply.");
        if (MaxToolCalls < 1) throw new ArgumentException("MaxToolCalls must be at least 1.");
        if (MaxDuration <= TimeSpan.Zero) throw new ArgumentException("MaxDuration must be longer than zero.");
        if (MaxLookDuration <= TimeSpan.Zero) throw new ArgumentException("MaxLookDuration must be longer than zero.");
        if (MaxImages is < 0 or > 20) throw new ArgumentException("MaxImages must be 0 to 20.");
        if (ImageTokens is < 100 or > 100_000) throw new ArgumentException("ImageTokens must be 100 to 100,000.");
        if (SimilarBits is < 0 or > 16) throw new ArgumentException("SimilarBits must be 0 to 16.");
        if (MaxRunTokens < 1 || DailyTokens < 1) throw new ArgumentException("MaxRunTokens and DailyTokens must be at least 1.");
        if (MaxRunUsd <= 0 || DailyUsd <= 0) throw new ArgumentException("MaxRunUsd and DailyUsd must be more than zero.");
    }
}
