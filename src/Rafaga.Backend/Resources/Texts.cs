using System.Globalization;
using System.Resources;

namespace Rafaga.Backend.Resources;

/// <summary>What code itself says to a person, in the person's language.</summary>
internal sealed class Texts(string language)
{
    private static readonly ResourceManager Resources = new("Rafaga.Backend.Resources.Texts", typeof(Texts).Assembly);

    private readonly CultureInfo _culture = CultureInfo.GetCultureInfo(language);

    public string NothingDone => Get(nameof(NothingDone));

    public string Admitted => Get(nameof(Admitted));

    public string DailyLimit => Get(nameof(DailyLimit));

    public string NotAnswered => Get(nameof(NotAnswered));

    public string Corrected => Get(nameof(Corrected));

    /// <param name="kinds">Of each that was saved.</param>
    public string Saved(IReadOnlyList<string> kinds) => Get(nameof(Saved), Items(kinds));

    public string Exactly(IReadOnlyList<string> kinds) => kinds.Count switch
    {
        0 => Get("ExactNone"),
        1 => Get("ExactOne", Items(kinds)),
        _ => Get("ExactMany", Items(kinds)),
    };

    /// <summary>"2 photos, 1 video and 1 voice note".</summary>
    public string Items(IReadOnlyList<string> kinds) => List([.. kinds.GroupBy(kind => kind, StringComparer.Ordinal).Select(kind => kind.Count() == 1 ? Get($"Count_{kind.Key}_one") : Get($"Count_{kind.Key}_many", kind.Count()))]);

    /// <summary>What kinds of messages cannot be kept.</summary>
    /// <param name="kinds">As the Bot API calls them.</param>
    public string CannotKeep(IReadOnlyList<string> kinds) => Get(nameof(CannotKeep), List([.. kinds.Distinct(StringComparer.Ordinal).Select(kind => Get($"Unkept_{kind}"))]));

    public string Updated(int count) => count == 1 ? Get("UpdatedOne") : Get("UpdatedMany", count);

    public string EventCreated(string name) => Get(nameof(EventCreated), name);

    public string NoInvitation => Get(nameof(NoInvitation));

    public string Invitation(string eventName, string code, DateTimeOffset until) => Get(nameof(Invitation), eventName, code, until.UtcDateTime.ToString("d", _culture));

    public string AlreadyIn(string eventName) => Get(nameof(AlreadyIn), eventName);

    public string JoinedAsEditor(string eventName, string owner) => Get(nameof(JoinedAsEditor), eventName, owner);

    public string JoinedAsViewer(string eventName, string owner) => Get(nameof(JoinedAsViewer), eventName, owner);

    public string Revoked(int count) => Counted("Revoked", count);

    public string Undone(int count) => Counted("Undone", count);

    public string FeedbackUp => Get(nameof(FeedbackUp));

    public string FeedbackDown => Get(nameof(FeedbackDown));

    public string NoSuchReply => Get(nameof(NoSuchReply));

    public string Forgotten => Get(nameof(Forgotten));

    public string ExportReadMeName => Get(nameof(ExportReadMeName));

    public string ExportReadMe => Get(nameof(ExportReadMe));

    public string NoEvents => Get(nameof(NoEvents));

    public string NoSuchEvent => Get(nameof(NoSuchEvent));

    public string NoMemories => Get(nameof(NoMemories));

    public string NoWords => Get(nameof(NoWords));

    public string More => Get(nameof(More));

    public string LanguageAsk => Get(nameof(LanguageAsk));

    public string LanguageAuto => Get(nameof(LanguageAuto));

    public string LanguageSet(bool chosen) => chosen ? Get(nameof(LanguageSet)) : Get("LanguageSetAuto");

    public string Events(int count) => count == 1 ? Get("EventsOne") : Get("EventsMany", count);

    public string MoreEvents(int count) => Get(nameof(MoreEvents), count);

    public string EmptyEvent(string name) => Get(nameof(EmptyEvent), name);

    public string EventMemories(int count, string name) => Get(count == 1 ? "EventMemoriesOne" : "EventMemoriesMany", count, name);

    public string NewestMemories(int count) => count == 1 ? Get("NewestMemoriesOne") : Get("NewestMemoriesMany", count);

    public string FoundMemories(int count, string words) => Get(count == 1 ? "FoundMemoriesOne" : "FoundMemoriesMany", count, words);

    public string NothingFound(string words) => Get(nameof(NothingFound), words);

    public string Memories(int count) => Counted("Memories", count);

    public string? By(string? owner) => owner is null ? null : Get(nameof(By), owner);

    public string Day(DateOnly day) => day.ToString("d MMM yyyy", _culture);

    /// <param name="model">Where texts and photos go to be answered; null when they stay.</param>
    public string Privacy(string? model) => Get(nameof(Privacy), model is null ? Get("PrivacyOffline") : Get("PrivacyModel", model));

    public string ReplyToPhoto => Get(nameof(ReplyToPhoto));

    public string NoMemoryOfThat => Get(nameof(NoMemoryOfThat));

    public string MemoryDeleted => Get(nameof(MemoryDeleted));

    public string MemoryHidden => Get(nameof(MemoryHidden));

    public string MemoryShown => Get(nameof(MemoryShown));

    public string AlreadySo => Get(nameof(AlreadySo));

    public string MoveWhere => Get(nameof(MoveWhere));

    public string NoEventCalled(string name) => Get(nameof(NoEventCalled), name);

    public string Moved(string name) => Get(nameof(Moved), name);

    public string CaptionWhat => Get(nameof(CaptionWhat));

    public string CaptionTooLong(int max) => Get(nameof(CaptionTooLong), max);

    public string CaptionSet => Get(nameof(CaptionSet));

    public string NoMembers => Get(nameof(NoMembers));

    public string RemoveWhom => Get(nameof(RemoveWhom));

    public string NoSuchMember(string name) => Get(nameof(NoSuchMember), name);

    public string SeveralMembers(string name) => Get(nameof(SeveralMembers), name);

    public string Removed(string name, string events) => Get(nameof(Removed), name, events);

    public string LeaveWhich => Get(nameof(LeaveWhich));

    public string NotAGuest(string name) => Get(nameof(NotAGuest), name);

    public string Left(string name) => Get(nameof(Left), name);

    /// <summary>Which file could not be saved and why.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="ordinal">Its place among those of its kind; null when it is the only one.</param>
    /// <param name="caption">What was written under it.</param>
    /// <param name="problem">One of <see cref="Photos.ItemProblem"/>.</param>
    public string Unusable(string kind, int? ordinal, string? caption, string problem)
    {
        var which = ordinal is null ? Get($"Only_{kind}") : Get($"Nth_{kind}", ordinal);
        return Get(nameof(Unusable), caption is null ? which : Get("Captioned", which, caption), Get($"Problem_{problem}"));
    }

    private string List(IReadOnlyList<string> items) => items.Count < 2 ? string.Concat(items) : Get("And", string.Join(", ", items.SkipLast(1)), items[^1]);

    private string Counted(string key, int count) => count switch
    {
        0 => Get(key + "None"),
        1 => Get(key + "One"),
        _ => Get(key + "Many", count),
    };

    private string Get(string key, params ReadOnlySpan<object?> arguments)
    {
        var text = Resources.GetString(key, _culture) ?? throw new MissingManifestResourceException($"No text named {key}.");
        return arguments.IsEmpty ? text : string.Format(_culture, text, arguments);
    }
}
