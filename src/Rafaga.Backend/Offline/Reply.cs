using Rafaga.Backend.Offline.Language;

namespace Rafaga.Backend.Offline;

/// <summary>Words the reply: only what the tools confirmed, and at most one question, at the very end.</summary>
internal sealed class Reply
{
    private readonly Reading _reading;
    private readonly Plan _plan;
    private readonly OfflineTexts _texts;
    private readonly List<string> _lines = [];

    private Reply(Reading reading, Plan plan)
    {
        _reading = reading;
        _plan = plan;
        _texts = ReplyLanguage.Of(reading.Turn);
    }

    private Understanding Wanted => _plan.Wanted;

    public static string To(Reading reading, Plan plan) => new Reply(reading, plan).Compose();

    private string Compose()
    {
        var saved = new SavedPhotos(_reading, _plan, _texts);
        Events(saved.Count);
        _lines.AddRange(saved.Lines());
        Answer();
        Places(saved.Count);
        foreach (var place in Wanted.NoSuchPhotos) Add(Text.NoSuchPhoto, place);
        Lookups();
        Talk();
        if (saved.Count > 0)
        {
            var limit = saved.HasPhotos ? Text.CannotSee : Text.CannotPlay;
            if (!(saved.HasPhotos && Wanted.AsksSight) && !SaidBefore(_texts[limit])) Add(limit);
            _lines.Add(saved.Question());
        }

        return string.Join('\n', _lines);
    }

    private void Events(int saved)
    {
        foreach (var (call, wanted) in _plan.Creates)
        {
            var made = _reading.Answer(call, OfflineJson.Default.MadeEvent);
            var quoted = _texts.Quote(made?.Name ?? wanted.Name);
            if (Wanted.OnlyNamesEvent) Add(made is null ? Text.EventChooseFailed : Text.EventChosen, quoted);
            else if (made is null) Add(Text.EventFailed, quoted);
            else if (!made.Created) Add(Text.EventExists, quoted);
            else if (wanted.Day is { } day) Add(Text.EventCreatedFor, quoted, _texts.Day(day));
            else Add(Text.EventCreated, quoted);
        }

        if (Wanted.NameMissing) Add(Text.EventNameMissing);
        if (Wanted.UnknownEvent is { } unknown)
        {
            Add(Text.EventUnknown, _texts.Quote(unknown));
            if (saved == 0) Extend(_texts[Text.EventCreateHint, unknown]);
        }
        else if (_plan.Creates.Any(create => _reading.Worked(create.Call)) && Wanted.Photos.Count == 0 && _plan.Updates.Count == 0)
        {
            Extend(_texts[Text.SendPhotos]);
        }
    }

    private void Answer()
    {
        var updated = _plan.Updates.Where(update => _reading.Worked(update.Call)).ToList();
        var failed = _plan.Updates.Count - updated.Count;
        var added = updated.Count(update => update.Adds);
        var each = Wanted.Memories.Select(story => story.Text).Distinct(StringComparer.Ordinal).Count() > 1 || (added > 0 && added < _plan.Updates.Count);
        if (added > 0)
        {
            _lines.Add(Wanted.AsksAboutItems ? _texts.Count(added, Text.AddedItemOne, Text.AddedItemMany, added)
                : each ? _texts.Count(added, Text.AddedEachOne, Text.AddedEachMany, added)
                : _texts.Count(added, Text.AddedOne, Text.AddedMany, added));
            Extend(_texts[Text.ThanksForAnswer]);
            if (Wanted.StaysUnsorted) Extend(_texts.Count(_plan.Updates.Count, Text.StillUnsortedOne, Text.StillUnsortedMany));
        }

        var moved = updated.Count(update => update.Call.Arguments.ContainsKey("event"));
        if (moved > 0 && Wanted.Event is { } target) _lines.Add(_texts.Count(moved, Wanted.AsksAboutItems ? Text.MovedItemOne : Text.MovedOne, Wanted.AsksAboutItems ? Text.MovedItemMany : Text.MovedMany, [.. moved == 1 ? (object[])[_texts.Quote(target.Name)] : [moved, _texts.Quote(target.Name)]]));
        if (failed > 0) _lines.Add(_texts.Count(failed, Text.UpdateFailedOne, Text.UpdateFailedMany, failed));
        if (Wanted.MovesUnsorted && Wanted.Event is not null && _plan.Updates.Count == 0)
            Add(_plan.Learns.All(_reading.Worked) ? Text.NothingUnsorted : Text.LookupFailed);
    }

    private void Places(int saved)
    {
        if (Wanted.PlaceKept || (saved > 0 && _reading.Turn.Messages!.Any(message => message is { Place: not null, Photo: null }))) Add(Text.PlaceKept);
    }

    private void Lookups()
    {
        foreach (var (call, about) in _plan.Lookups) _lines.AddRange(new Recollection(_reading, _texts).Tell(call, about));
    }

    private void Talk()
    {
        if (Wanted.AsksSight) Add(Text.CannotSee);
        if (Wanted.AsksHelp) Add(Text.Help);
        if (Wanted.AsksDelete) Add(Text.CannotDelete);
        if (_lines.Count > 0 || Wanted.Photos.Count > 0) return;

        var kind = Wanted.SmallTalk;
        if (Wanted.UnclearEdit) Add(Text.EditUnclear);
        else if (Wanted.PlaceAlone) Add(Text.PlaceNeedsPhoto);
        else if (Wanted.Contact) Add(Text.ContactNotKept);
        else if (Wanted.IdleEdit) Add(Text.EditIdle);
        else if (Wanted.AsksOther) Add(Text.NotUnderstood);
        else if (Wanted.TellsWithoutPhoto) Add(Text.StoryNeedsPhoto);
        else if (kind.HasFlag(SmallTalk.Thanks)) Add(Text.Welcome);
        else if (kind.HasFlag(SmallTalk.Greeting)) Hello();
        else if (kind.HasFlag(SmallTalk.Shrug)) Add(Text.LeftAsIs);
        else if (kind.HasFlag(SmallTalk.Agree)) Add(Text.Ready);
        else Hello();
    }

    private void Hello()
    {
        if (_reading.Turn.Person?.Name is { Length: > 0 } name) Add(Text.Hello, name);
        else Add(Text.HelloStranger);
    }

    // Once is honest, every time is a nuisance.
    private bool SaidBefore(string sentence) =>
        _reading.Turn.History?.Any(line => line?.Role == "assistant" && line.Text?.Contains(sentence, StringComparison.Ordinal) == true) == true;

    private void Add(Text key, params ReadOnlySpan<object?> values) => _lines.Add(_texts[key, values]);

    private void Extend(string sentence) => _lines[^1] = $"{_lines[^1]} {sentence}";
}
