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

    public bool HasPhotos => _saved.Exists(story => story.Photo.Kind is null);

    private IReadOnlyList<PhotoStory> All => _plan.Wanted.Photos;

    private int Sent => All.Count;

    // Photos alone are spoken of as photos; anything else beside them is named.
    private bool IsMixed => All.Any(story => story.Photo.Kind is not null);

    private bool IsUnsorted => _events.Contains(null);

    public IEnumerable<string> Lines()
    {
        if (Sent == 0) yield break;
        if (Count > 0) yield return string.Join(' ', new[] { Saved(), Taken(), Size(), WroteDown() }.OfType<string>());
        else if (Sent > 1) yield return _texts[IsMixed ? Text.SavedNoItems : Text.SavedNone];
        foreach (var problem in Problems()) yield return problem;
    }

    public string Question()
    {
        if (_plan.Wanted.SuggestedEvent is { } name && IsUnsorted) return _texts.Count(Count, Text.AskCreateOne, Text.AskCreateMany, _texts.Quote(name));
        if (IsUnsorted) return _texts.Count(Count, Text.AskEventOne, Text.AskEventMany);
        if (IsMixed) return _texts[_saved.Exists(story => story.Text is not null) ? Text.AskMoreItems : Text.AskItems];
        return _saved.Exists(story => story.Text is not null)
            ? _texts.Count(Count, Text.AskMoreOne, Text.AskMoreMany)
            : _texts.Count(Count, Text.AskOne, Text.AskMany);
    }

    private string Saved()
    {
        var names = _events.OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Select(_texts.Quote).ToList();
        var where = names.Count > 0 ? _texts[Text.InEvent, _texts.List(names)] : IsUnsorted ? _texts[Text.Unsorted] : "";
        if (IsMixed) return _texts[Text.SavedItems, _texts.Items(_saved.Select(story => story.Photo.Kind)), where];
        if (Count < Sent) return _texts[Text.SavedSome, Count, Sent, where];
        return Count == 1 ? _texts[Text.SavedOne, where] : _texts[Text.SavedMany, Count, where];
    }

    private string? Taken()
    {
        var days = _saved.Select(story => Day(story.Photo.TakenAt)).OfType<DateOnly>().Order().ToList();
        if (days.Count == 0 || IsMixed) return null;
        var when = days[0] == days[^1] ? _texts[Text.On, _texts.Day(days[0])] : _texts[Text.Between, _texts.Day(days[0]), _texts.Day(days[^1])];
        if (days.Count == Count) return Count == 1 ? _texts[Text.TakenOne, when] : _texts[Text.TakenMany, when];
        return days.Count == 1 ? _texts[Text.TakenOneOf, when] : _texts[Text.TakenSomeOf, days.Count, when];
    }

    // One photo without a date: its size is all that can honestly be said of it.
    private string? Size() =>
        _saved is [{ Photo: { Kind: null, Width: > 0 and var width, Height: > 0 and var height } photo }] && Sent == 1 && Day(photo.TakenAt) is null
            ? _texts[Text.SizeOne, width, height]
            : null;

    private string? WroteDown() => !_saved.Exists(story => story.Text is not null) ? null : IsMixed ? _texts[Text.WroteDownItems] : _texts.Count(Count, Text.WroteDownOne, Text.WroteDownMany);

    private IEnumerable<string> Problems()
    {
        var unusable = All.Where(story => story.Photo is { Usable: false, Kind: null }).ToLookup(story => story.Photo.Problem);
        var photos = new[]
        {
            Problem([.. unusable["too_big"]], Text.TooBigOne, Text.TooBigMany),
            Problem([.. unusable["not_an_image"]], Text.NotAnImageOne, Text.NotAnImageMany),
            Problem([.. unusable["damaged"]], Text.DamagedOne, Text.DamagedMany),
            Problem([.. unusable.Where(group => group.Key is not ("too_big" or "not_an_image" or "damaged")).SelectMany(group => group)], Text.UnavailableOne, Text.UnavailableMany),
            IsMixed ? null : Problem(_failed, Text.SaveFailedOne, Text.SaveFailedMany),
        };
        var others = All.Where(story => story.Photo is { Usable: false, Kind: not null })
            .Select(story => _texts.Unusable(story.Photo.Kind!, Alike(story).Count == 1 ? null : Place(story), story.Photo.Problem));
        var failed = IsMixed && _failed.Count > 0 ? _texts[Text.SaveFailedItems, _texts.Items(_failed.Select(story => story.Photo.Kind))] : null;
        return photos.OfType<string>().Concat(others).Concat(failed is null ? [] : [failed]);
    }

    private string? Problem(List<PhotoStory> photos, Text one, Text many)
    {
        if (photos.Count == 0) return null;
        var places = _texts.List([.. photos.Select(Place).Order().Select(place => place.ToString(CultureInfo.InvariantCulture))]);
        var which = Alike(photos[0]).Count == 1 ? _texts[Text.ThePhoto] : _texts.Count(photos.Count, Text.PhotoAt, Text.PhotosAt, places);
        return _texts.Count(photos.Count, one, many, which);
    }

    // A person counts the photos, and the videos, each for themselves.
    private List<PhotoStory> Alike(PhotoStory story) => [.. All.Where(other => other.Photo.Kind == story.Photo.Kind)];

    private int Place(PhotoStory story) => Alike(story).IndexOf(story) + 1;

    private static DateOnly? Day(string? takenAt) =>
        DateTime.TryParse(takenAt, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var taken) ? DateOnly.FromDateTime(taken) : null;
}
