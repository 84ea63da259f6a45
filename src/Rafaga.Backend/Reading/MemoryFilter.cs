using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary>What to look for; null leaves a part open.</summary>
/// <param name="Person">Name or user name of the owner.</param>
/// <param name="Event">Name of the event, without regard to case and accents; its id; or <see cref="NoEvent"/>.</param>
/// <param name="Words">Words in text, description or event name.</param>
/// <param name="From">Taken, else added, on this day or later.</param>
/// <param name="To">Taken, else added, on this day or earlier.</param>
/// <param name="OnThisDay">Taken, else added, on the same day of an earlier year.</param>
/// <param name="State">One of <see cref="MemoryState"/>.</param>
internal sealed record MemoryFilter(
    string? Person = null,
    string? Event = null,
    string? Words = null,
    DateOnly? From = null,
    DateOnly? To = null,
    DateOnly? OnThisDay = null,
    string State = MemoryState.Shown)
{
    /// <summary>Asks for memories that belong to no event. No event can be called so: names have letters or digits.</summary>
    public const string NoEvent = "-";

    /// <summary>Lists go by day where days are asked for, else as memories were stored.</summary>
    public bool IsByDay => this is not { From: null, To: null, OnThisDay: null };
}
