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

    /// <summary>What runs, where the data lies, how to go real: one line each, repeated by <c>/api/status</c>. <value>The default is none.</value></summary>
    public IReadOnlyList<string> Banner { get; init; } = [];
}
