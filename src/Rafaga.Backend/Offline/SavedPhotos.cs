using System.Globalization;

namespace Rafaga.Backend.Offline;

/// <summary>The part of the reply about the photos of the batch: what was saved, what not and why, and the one question.</summary>
internal sealed class SavedPhotos
{
    private readonly Plan _plan;
    private readonly OfflineTexts _texts;
    private readonly List<PhotoStory> _saved = [];
    private readonly List<PhotoStory> _failed = [];
    private readonly List<string?> _events = [];

    public SavedPhotos(Reading reading, Plan plan, OfflineTexts texts)
    {
        _plan = plan;
        _texts = texts;
        foreach (var (call, story) in plan.Saves)
        {
            if (reading.Answer(call, OfflineJson.Default.SavedMemory) is { Memory.Length: > 0 } memory)
            {
                _saved.Add(story);
                _events.Add(memory.Event is null ? null : plan.Events.FirstOrDefault(known => known.Handle == memory.Event)?.Name ?? "");
            }
            else
            {
                _failed.Add(story);
            }
        }
    }

    public int Count => _saved.Count;

    private int Sent => _plan.Wanted.Photos.Count;

    private bool IsUnsorted => _events.Contains(null);

    public IEnumerable<string> Lines()
    {
        if (Sent == 0) yield break;
        if (Count > 0) yield return string.Join(' ', new[] { Saved(), Taken(), Size(), WroteDown() }.OfType<string>());
        else if (Sent > 1) yield return _texts[Text.SavedNone];
        foreach (var problem in Problems()) yield return problem;
    }

    public string Question()
    {
        if (_plan.Wanted.SuggestedEvent is { } name && IsUnsorted) return _texts.Count(Count, Text.AskCreateOne, Text.AskCreateMany, _texts.Quote(name));
        if (IsUnsorted) return _texts.Count(Count, Text.AskEventOne, Text.AskEventMany);
        return _saved.Exists(story => story.Text is not null)
            ? _texts.Count(Count, Text.AskMoreOne, Text.AskMoreMany)
            : _texts.Count(Count, Text.AskOne, Text.AskMany);
    }

    private string Saved()
    {
        var names = _events.OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Select(_texts.Quote).ToList();
        var where = names.Count > 0 ? _texts[Text.InEvent, _texts.List(names)] : IsUnsorted ? _texts[Text.Unsorted] : "";
        if (Count < Sent) return _texts[Text.SavedSome, Count, Sent, where];
        return Count == 1 ? _texts[Text.SavedOne, where] : _texts[Text.SavedMany, Count, where];
    }

    private string? Taken()
    {
        var days = _saved.Select(story => Day(story.Photo.TakenAt)).OfType<DateOnly>().Order().ToList();
        if (days.Count == 0) return null;
        var when = days[0] == days[^1] ? _texts[Text.On, _texts.Day(days[0])] : _texts[Text.Between, _texts.Day(days[0]), _texts.Day(days[^1])];
        if (days.Count == Count) return Count == 1 ? _texts[Text.TakenOne, when] : _texts[Text.TakenMany, when];
        return days.Count == 1 ? _texts[Text.TakenOneOf, when] : _texts[Text.TakenSomeOf, days.Count, when];
    }

    // One photo without a date: its size is all that can honestly be said of it.
    private string? Size() =>
        _saved is [{ Photo: { Width: > 0 and var width, Height: > 0 and var height } photo }] && Sent == 1 && Day(photo.TakenAt) is null
            ? _texts[Text.SizeOne, width, height]
            : null;

    private string? WroteDown() => _saved.Exists(story => story.Text is not null) ? _texts.Count(Count, Text.WroteDownOne, Text.WroteDownMany) : null;

    private IEnumerable<string> Problems()
    {
        var unusable = _plan.Wanted.Photos.Where(story => !story.Photo.Usable).ToLookup(story => story.Photo.Problem);
        return new[]
        {
            Problem([.. unusable["too_big"]], Text.TooBigOne, Text.TooBigMany),
            Problem([.. unusable["not_an_image"]], Text.NotAnImageOne, Text.NotAnImageMany),
            Problem([.. unusable.Where(group => group.Key is not ("too_big" or "not_an_image")).SelectMany(group => group)], Text.UnavailableOne, Text.UnavailableMany),
            Problem(_failed, Text.SaveFailedOne, Text.SaveFailedMany),
        }.OfType<string>();
    }

    private string? Problem(List<PhotoStory> photos, Text one, Text many)
    {
        if (photos.Count == 0) return null;
        var places = _texts.List([.. photos.Select(story => story.Place).Order().Select(place => place.ToString(CultureInfo.InvariantCulture))]);
        var which = Sent == 1 ? _texts[Text.ThePhoto] : _texts.Count(photos.Count, Text.PhotoAt, Text.PhotosAt, places);
        return _texts.Count(photos.Count, one, many, which);
    }

    private static DateOnly? Day(string? takenAt) =>
        DateTime.TryParse(takenAt, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var taken) ? DateOnly.FromDateTime(taken) : null;
}
