namespace Rafaga.Doctor;

/// <summary>How a check went.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>It works, but something may be lost or surprise.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failed,
}

/// <summary>What one check found, in one line that names the fix.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Verdict">How it went.</param>
/// <param name="Message">For a person.</param>
internal sealed record Finding(string Name, Verdict Verdict, string Message);
