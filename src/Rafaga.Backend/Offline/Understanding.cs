using Rafaga.Backend.Offline.Language;

namespace Rafaga.Backend.Offline;

/// <summary>What a turn asks for, before any tool is called.</summary>
internal sealed record Understanding
{
    public IReadOnlyList<NewEvent> EventsToCreate { get; init; } = [];

    /// <summary>The person asked for an event and gave no name.</summary>
    public bool NameMissing { get; init; }

    /// <summary>The event that was named for the photos (or the memories) of this turn; null when none was.</summary>
    public KnownEvent? Event { get; init; }

    /// <summary>A name that fits no event.</summary>
    public string? UnknownEvent { get; init; }

    /// <summary>A name that an event for the photos could have; offered when no event is known for them.</summary>
    public string? SuggestedEvent { get; init; }

    public IReadOnlyList<PhotoStory> Photos { get; init; } = [];
    public IReadOnlyList<MemoryStory> Memories { get; init; } = [];

    /// <summary>The memories that are spoken of: those that messages answer, else those of the open question.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    /// <summary>The answer puts these memories into <see cref="Event"/>.</summary>
    public bool MovesMemories { get; init; }

    /// <summary>The person wants the memories without an event in <see cref="Event"/>, though no question is open.</summary>
    public bool MovesUnsorted { get; init; }

    /// <summary>The person chose <see cref="Event"/> for what comes next.</summary>
    public bool OnlyNamesEvent { get; init; }

    public IReadOnlyList<Said> Lookups { get; init; } = [];
    public IReadOnlyList<int> NoSuchPhotos { get; init; } = [];
    public SmallTalk SmallTalk { get; init; }
    public bool AsksSight { get; init; }
    public bool AsksHelp { get; init; }
    public bool AsksDelete { get; init; }
    public bool AsksOther { get; init; }

    /// <summary>A story came without a photo that could keep it.</summary>
    public bool TellsWithoutPhoto { get; init; }

    /// <summary>The memories that are spoken of are not all photos.</summary>
    public bool AsksAboutItems { get; init; }

    /// <summary>A place that code has put down in memories.</summary>
    public bool PlaceKept { get; init; }

    /// <summary>A place came that belongs to nothing.</summary>
    public bool PlaceAlone { get; init; }

    /// <summary>An address was handed on.</summary>
    public bool Contact { get; init; }

    /// <summary>An edit of something that may be kept in other words.</summary>
    public bool UnclearEdit { get; init; }

    /// <summary>An edit that changes nothing that is kept.</summary>
    public bool IdleEdit { get; init; }

    /// <summary>The question asked for an event, and the answer names none.</summary>
    public bool StaysUnsorted { get; init; }
}

/// <summary>An event to make.</summary>
internal sealed record NewEvent(string Name, DateOnly? Day);

/// <summary>A photo of the batch and what belongs to it.</summary>
internal sealed record PhotoStory(TurnPhoto Photo, int Place, string? Text, KnownEvent? Event);

/// <summary>A memory of the open question and what the answer adds to it.</summary>
internal sealed record MemoryStory(string Memory, string Text);
