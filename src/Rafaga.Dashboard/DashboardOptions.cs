namespace Rafaga.Dashboard;

/// <summary>What the pages say and which bot they look at.</summary>
public sealed class DashboardOptions
{
    /// <summary>The bot whose conversations the chat page shows: the digits before the colon of its token.</summary>
    public required long BotId { get; init; }

    /// <summary>Whether the chat is the simulated one on this server; false when it lives in Telegram. <value>The default is false.</value></summary>
    public bool SimulatorEnabled { get; init; }

    /// <summary>Version of the product. <value>The default is empty: not shown.</value></summary>
    public string Version { get; init; } = "";

    /// <summary>Opens the pages and lets act: a password, or its hash as <see cref="Access.PasswordHash"/> writes it. <value>The default is null: no login.</value></summary>
    public string? Password { get; init; }

    /// <summary>Opens the pages, but changes nothing; as <see cref="Password"/>. <value>The default is null.</value></summary>
    public string? ReaderPassword { get; init; }

    /// <summary>Passwords from one address that are looked at in a minute. <value>The default is 10.</value></summary>
    public int LoginsPerMinute { get; init; } = 10;

    /// <summary>Under which address people reach the pages, when it is another than that of this server; its path is what all of theirs begin with. <value>The default is null.</value></summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Root of the backend that knows memories and runs; null when it is somebody else's and tells nothing. <value>The default is null.</value></summary>
    public Uri? Backend { get; init; }

    /// <summary>
    /// <see cref="Backend"/> is another process: what commands ask of it below <c>/api</c> is passed on, signed, for whoever has the password. <value>The default is false.</value>
    /// </summary>
    public bool PassesBackendOn { get; init; }

    /// <summary>Signs requests to <see cref="Backend"/>. <value>The default is null: not signed.</value></summary>
    public string? Secret { get; init; }

    /// <summary>What every address of the pages begins with; empty at the root.</summary>
    internal string PathBase => PublicUrl?.AbsolutePath.TrimEnd('/') ?? "";

    /// <summary>What runs, where the data lies, how to go real: one line each, repeated by <c>/api/status</c>. <value>The default is none.</value></summary>
    public IReadOnlyList<string> Banner { get; init; } = [];
}
