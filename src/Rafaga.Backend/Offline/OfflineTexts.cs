using System.Globalization;
using System.Resources;
using Rafaga.Backend.Delivery;

namespace Rafaga.Backend.Offline;

/// <summary>The offline model's words in one language, from Resources/OfflineTexts*.resx.</summary>
internal sealed class OfflineTexts(CultureInfo culture)
{
    public static ResourceManager Resources { get; } = new("Rafaga.Backend.Resources.OfflineTexts", typeof(OfflineTexts).Assembly);

    public static OfflineTexts Spanish { get; } = new(CultureInfo.GetCultureInfo("es"));

    public static OfflineTexts English { get; } = new(CultureInfo.GetCultureInfo("en"));

    public string this[Text key] => Resources.GetString(key.ToString(), culture) ?? throw new MissingManifestResourceException($"The text {key} is missing.");

    public string this[Text key, params ReadOnlySpan<object?> values] => string.Format(culture, this[key], values);

    /// <summary>The one wording for one thing, the other for more.</summary>
    public string Count(int count, Text one, Text many, params ReadOnlySpan<object?> values) => this[count == 1 ? one : many, values];

    public string Day(DateOnly day) => day.ToString(this[Text.DatePattern], culture);

    /// <summary>A name in the language's quotes. A question mark in it goes, so that a reply never seems to ask twice.</summary>
    public string Quote(string name) => this[Text.Quoted, name.Replace("?", "", StringComparison.Ordinal).Replace("¿", "", StringComparison.Ordinal)];

    /// <summary>"2 photos and 1 video", for kinds as they are told: null is a photo.</summary>
    public string Items(IEnumerable<string?> kinds) => new Resources.Texts(culture.Name).Items([.. kinds.Select(kind => kind ?? BurstKind.Photo)]);

    /// <summary>Why a file that is no photo could not be saved.</summary>
    public string Unusable(string kind, int? ordinal, string? problem) => new Resources.Texts(culture.Name).Unusable(kind, ordinal, null, problem ?? Photos.ItemProblem.Unavailable);

    public string List(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : this[Text.And, string.Join(", ", items.SkipLast(1)), items[^1]];
}

/// <summary>The keys of the resource files.</summary>
internal enum Text
{
    DatePattern,
    And,
    Quoted,
    InEvent,
    Unsorted,
    SavedOne,
    SavedMany,
    SavedSome,
    SavedNone,
    On,
    Between,
    TakenOne,
    TakenMany,
    TakenOneOf,
    TakenSomeOf,
    SizeOne,
    WroteDownOne,
    WroteDownMany,
    ThePhoto,
    PhotoAt,
    PhotosAt,
    TooBigOne,
    TooBigMany,
    NotAnImageOne,
    NotAnImageMany,
    UnavailableOne,
    UnavailableMany,
    SaveFailedOne,
    SaveFailedMany,
    DamagedOne,
    DamagedMany,
    SavedItems,
    SavedNoItems,
    WroteDownItems,
    SaveFailedItems,
    NoSuchPhoto,
    EventCreated,
    EventCreatedFor,
    EventExists,
    EventFailed,
    EventChosen,
    EventChooseFailed,
    EventUnknown,
    EventCreateHint,
    EventNameMissing,
    SendPhotos,
    AddedOne,
    AddedMany,
    AddedEachOne,
    AddedEachMany,
    AddedItemOne,
    AddedItemMany,
    MovedItemOne,
    MovedItemMany,
    PlaceKept,
    PlaceNeedsPhoto,
    ContactNotKept,
    EditUnclear,
    EditIdle,
    MovedOne,
    MovedMany,
    UpdateFailedOne,
    UpdateFailedMany,
    NothingUnsorted,
    LeftAsIs,
    StillUnsortedOne,
    StillUnsortedMany,
    StoryNeedsPhoto,
    ThanksForAnswer,
    YourEvents,
    EventLineNone,
    EventLineOne,
    EventLineMany,
    NoEvents,
    LatestMemories,
    MemoriesAbout,
    NoMemories,
    NothingAbout,
    LookupFailed,
    MemoryHead,
    MemoryLine,
    NoEventName,
    PhotoCount,
    ItemCount,
    NoText,
    OnlyLatest,
    OnlyBest,
    Hello,
    HelloStranger,
    Welcome,
    Ready,
    Help,
    NotUnderstood,
    CannotDelete,
    CannotSee,
    CannotPlay,
    AskOne,
    AskMany,
    AskMoreOne,
    AskMoreMany,
    AskItems,
    AskMoreItems,
    AskEventOne,
    AskEventMany,
    AskCreateOne,
    AskCreateMany,
}
