namespace Rafaga.Dashboard.Health;

/// <summary>What the host knows of itself and the pages show. Without one, the page leaves it out.</summary>
public interface ISystemFacts
{
    /// <summary>Every setting that this process runs with, secrets masked.</summary>
    IReadOnlyList<SettingFact> Settings { get; }

    /// <summary>Where things are, as label and value: the store, the database, folders.</summary>
    IReadOnlyList<(string Label, string Value)> Places { get; }

    /// <summary>Some checks make calls that are counted or cost money; those are run only when somebody asks for them.</summary>
    bool SomeChecksCost { get; }

    /// <summary>Every check that costs nothing, made now; bounded in time.</summary>
    /// <param name="language">In which the results are told.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<CheckFact>> CheckAsync(string language, CancellationToken cancellationToken);

    /// <summary>Makes the checks that cost something. Their results are kept until the next time.</summary>
    Task CheckAllAsync();

    /// <summary>What those checks found when they were last made; null when they never were.</summary>
    (DateTimeOffset At, IReadOnlyList<CheckFact> Checks)? LastCheck(string language);
}

/// <summary>A setting as it is in force.</summary>
/// <param name="Name">Environment form.</param>
/// <param name="Value">Its value, masked if it is a secret; null when it is not set and has no default.</param>
/// <param name="Source">Where the value is from; null for the default.</param>
public sealed record SettingFact(string Name, string? Value, string? Source);

/// <summary>How a check went.</summary>
public enum CheckGrade
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It works, but something may be lost or surprise.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Bad,
}

/// <summary>The result of one check.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Grade">How it went.</param>
/// <param name="Message">What was found; when it is not good, with the fix.</param>
public sealed record CheckFact(string Name, CheckGrade Grade, string Message);
