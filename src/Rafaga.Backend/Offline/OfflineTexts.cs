using System.Globalization;
using System.Resources;

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
    AskOne,
    AskMany,
    AskMoreOne,
    AskMoreMany,
    AskEventOne,
    AskEventMany,
    AskCreateOne,
    AskCreateMany,
}
