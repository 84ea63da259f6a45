namespace Rafaga.Bot;

/// <summary>What the bot takes in groups.</summary>
public enum GroupMode
{
    /// <summary>What mentions it or answers it, and the rest of that burst.</summary>
    Mention,

    /// <summary>Everything that is said.</summary>
    All,
}
