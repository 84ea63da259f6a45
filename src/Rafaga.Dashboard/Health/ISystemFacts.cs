namespace Rafaga.Dashboard.Health;

/// <summary>What the host knows of itself and the pages show. Without one, the page leaves it out.</summary>
public interface ISystemFacts
{
    /// <summary>Every setting that this process runs with, secrets masked.</summary>
    IReadOnlyList<SettingFact> Settings { get; }

    /// <summary>Where things are, as label and value: the store, the database, folders.</summary>
    IReadOnlyList<(string Label, string Value)> Places { get; }

    /// <summary>Whether what the roles of this process need answers; bounded in time.</summary>
    Task<IReadOnlyList<CheckFact>> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>A setting as it is in force.</summary>
/// <param name="Name">Environment form.</param>
/// <param name="Value">Its value, masked if it is a secret; null when it is not set and has no default.</param>
/// <param name="Source">Where the value is from; null for the default.</param>
public sealed record SettingFact(string Name, string? Value, string? Source);

/// <summary>The result of one check.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Trouble">What is wrong, in one sentence that names the fix; null when nothing is.</param>
public sealed record CheckFact(string Name, string? Trouble);
