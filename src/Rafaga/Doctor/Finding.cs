using Rafaga.Resources;

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
/// <param name="Name">What was looked at; <c>Check_…</c> among the texts is how people call it.</param>
/// <param name="Verdict">How it went.</param>
/// <param name="Message">For a person, in their language.</param>
internal sealed record Finding(string Name, Verdict Verdict, Func<Texts, string> Message)
{
    /// <summary>A finding in words that are the same in every language.</summary>
    public Finding(string name, Verdict verdict, string message)
        : this(name, verdict, _ => message)
    {
    }
}
