namespace Rafaga.Telegram.Simulator;

/// <summary>Which bot the simulator knows and where it keeps its chats.</summary>
public sealed class SimulatorOptions
{
    /// <summary>Token of the one bot that it accepts.</summary>
    public required string Token { get; init; }

    /// <summary>Folder for chats, pending updates and files; null keeps them in memory. <value>The default is null.</value></summary>
    public string? DataFolder { get; init; }

    /// <summary>The bot's name without the at sign. <value>The default is <c>rafaga_bot</c>.</value></summary>
    public string BotUsername { get; init; } = "rafaga_bot";

    /// <summary>The bot's name as shown. <value>The default is <c>Ráfaga</c>.</value></summary>
    public string BotName { get; init; } = "Ráfaga";
}
