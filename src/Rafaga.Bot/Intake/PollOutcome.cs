namespace Rafaga.Bot.Intake;

/// <summary>What one poll came to.</summary>
internal abstract record PollOutcome
{
    /// <summary>Answered; whatever came was taken and will be confirmed by the next poll.</summary>
    internal sealed record Taken(TakenPage Page) : PollOutcome;

    /// <summary>Nothing was confirmed: the same updates come again.</summary>
    /// <param name="Fault">What stood in the way.</param>
    /// <param name="Wait">How long to leave it alone.</param>
    internal sealed record Failed(PollFault Fault, TimeSpan Wait) : PollOutcome;
}

internal enum PollFault
{
    /// <summary>No answer, an error, or something that is not the Bot API's.</summary>
    Unavailable,

    /// <summary>The Bot API asks for patience.</summary>
    TooMany,

    /// <summary>Somebody else takes this bot's updates.</summary>
    Conflict,

    /// <summary>The store or the disk did not take what came.</summary>
    NotStored,

    /// <summary>The page holds nothing that it could be confirmed by.</summary>
    NotConfirmable,
}
