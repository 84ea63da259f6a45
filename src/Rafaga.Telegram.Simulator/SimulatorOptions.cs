namespace Rafaga.Telegram.Simulator;

/// <summary>Which bot the simulator knows and where it keeps its chats.</summary>
public sealed class SimulatorOptions
{
    /// <summary>Token of the one bot that it accepts.</summary>
    public required string Token { get; init; }

    /// <summary>Folder for chats, pending updates and files; null keeps them in memory. <value>The default is null.</value></summary>
    public string? DataFolder { get; init; }
}
