using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Resources;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Commands;

/// <summary>What a person is shown of their events and memories: their own, and those of the events that they belong to.</summary>
internal static class MemoryLists
{
    private const int PageSize = 10;
    private const int MaxEvents = 30;
    private const int MaxButtons = 10;
    private const int MaxLabel = 40;
    private const int MaxLine = 240;

    public static async Task<CommandReply> EventsAsync(MemoryDb db, Guid person, Texts texts, CancellationToken cancellationToken)
    {
        var rows = await db.EventMembers.Where(member => member.UserId == person)
            .Join(db.Events, member => member.EventId, e => e.Id, (member, e) => new
            {
                e.Id,
                e.Name,
                e.Date,
                Owner = e.OwnerId == person ? null : db.Users.Where(u => u.Id == e.OwnerId).Select(u => u.Name).First(),
                e.Memories,
            })
            .OrderByDescending(row => row.Id).AsNoTracking().ToListAsync(cancellationToken);
        if (rows.Count == 0) return new CommandReply(texts.NoEvents);

        var lines = rows.Take(MaxEvents).Select(row => "• " + string.Join(" · ", new[] { row.Name, texts.Memories(row.Memories), Day(row.Date, texts), texts.By(row.Owner) }.OfType<string>()));
        var text = $"{texts.Events(rows.Count)}\n{string.Join('\n', lines)}";
        if (rows.Count > MaxEvents) text += $"\n{texts.MoreEvents(rows.Count - MaxEvents)}";
        return new CommandReply(text)
        {
            Buttons = [.. rows.Take(MaxButtons).Select(row => new CommandButton(PlainText.Clean(row.Name, MaxLabel) ?? "…", PersonCommand.Event, row.Id.ToString("n")))],
        };
    }

    /// <param name="db">The database.</param>
    /// <param name="person">Who asks.</param>
    /// <param name="argument">The event's id, and where to go on.</param>
    /// <param name="texts">In the person's language.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async Task<CommandReply> EventAsync(MemoryDb db, Guid person, string argument, Texts texts, CancellationToken cancellationToken)
    {
        var plus = argument.IndexOf('+', StringComparison.Ordinal);
        var skip = plus < 0 ? 0 : Skip(argument.AsSpan(plus + 1));
        if (!Guid.TryParseExact(plus < 0 ? argument : argument[..plus], "n", out var id)) return new CommandReply(texts.NoSuchEvent);
        var name = await db.EventMembers.Where(member => member.UserId == person && member.EventId == id)
            .Join(db.Events, member => member.EventId, e => e.Id, (_, e) => e.Name).SingleOrDefaultAsync(cancellationToken);
        if (name is null) return new CommandReply(texts.NoSuchEvent);
        return await EventAsync(db, person, id, name, skip, texts, cancellationToken);
    }

    /// <param name="db">The database.</param>
    /// <param name="person">Who asks.</param>
    /// <param name="argument">Where to go on, then words or the name of an event; empty for the newest.</param>
    /// <param name="texts">In the person's language.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async Task<CommandReply> MemoriesAsync(MemoryDb db, Guid person, string argument, Texts texts, CancellationToken cancellationToken)
    {
        var (skip, words) = argument.StartsWith('+') && argument.Split(' ', 2) is [var number, .. var rest] ? (Skip(number.AsSpan(1)), rest.Length == 0 ? "" : rest[0].Trim()) : (0, argument.Trim());
        var events = await db.EventMembers.Where(member => member.UserId == person).Join(db.Events, member => member.EventId, e => e.Id, (_, e) => e).AsNoTracking().ToListAsync(cancellationToken);
        if (words.Length == 0)
        {
            var all = Visible(db, db.Memories, person);
            var total = await all.CountAsync(cancellationToken);
            return total == 0
                ? new CommandReply(texts.NoMemories)
                : await PageAsync(db, all, person, total, skip, texts.NewestMemories(total), next => new CommandButton(texts.More, PersonCommand.Memories, next), texts, cancellationToken);
        }

        var key = Fold.Key(words);
        // Of several with that name, the newest.
        if (events.Where(e => e.NameKey == key).MaxBy(e => e.CreatedAt) is { } named) return await EventAsync(db, person, named.Id, named.Name, skip, texts, cancellationToken);

        var matching = Visible(db, await db.MatchingAsync(words, new SearchScope([person], events.ConvertAll(e => e.Id)), cancellationToken), person);
        var found = await matching.CountAsync(cancellationToken);
        var shown = PlainText.Clean(words, MaxLine) ?? "";
        return found == 0
            ? new CommandReply(texts.NothingFound(shown))
            : await PageAsync(db, matching, person, found, skip, texts.FoundMemories(found, shown), next => new CommandButton(texts.More, PersonCommand.Memories, $"{next} {words}"), texts, cancellationToken);
    }

    private static async Task<CommandReply> EventAsync(MemoryDb db, Guid person, Guid id, string name, int skip, Texts texts, CancellationToken cancellationToken)
    {
        var inside = Visible(db, db.Memories, person).Where(m => m.EventId == id);
        var total = await inside.CountAsync(cancellationToken);
        return total == 0
            ? new CommandReply(texts.EmptyEvent(name))
            : await PageAsync(db, inside, person, total, skip, texts.EventMemories(total, name), next => new CommandButton(texts.More, PersonCommand.Event, $"{id:n}{next}"), texts, cancellationToken);
    }

    private static IQueryable<Memory> Visible(MemoryDb db, IQueryable<Memory> among, Guid person) => among.AsNoTracking().Where(m =>
        m.OwnerId == person || db.EventMembers.Any(member => member.EventId == m.EventId && member.UserId == person));

    private static async Task<CommandReply> PageAsync(
        MemoryDb db, IQueryable<Memory> memories, Guid person, int total, int skip, string head, Func<string, CommandButton> more, Texts texts, CancellationToken cancellationToken)
    {
        var page = await memories.OrderByDescending(m => m.Number).Skip(skip).Take(PageSize)
            .Select(m => new
            {
                Memory = m,
                Event = db.Events.Where(e => e.Id == m.EventId).Select(e => e.Name).FirstOrDefault(),
                Owner = m.OwnerId == person ? null : db.Users.Where(u => u.Id == m.OwnerId).Select(u => u.Name).First(),
            })
            .ToListAsync(cancellationToken);
        List<string> lines = [head];
        List<CommandFile> files = [];
        foreach (var row in page)
        {
            var said = PlainText.Clean((row.Memory.Text ?? row.Memory.ImageDescription)?.ReplaceLineEndings(" "), MaxLine);
            var line = string.Join(" · ", new[] { Day(row.Memory.Day, texts), row.Event, said ?? texts.NoWords, texts.By(row.Owner) }.OfType<string>());
            var number = skip + lines.Count;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{number}. {line}"));
            // Films and sounds are listed by their words: nothing sends them again yet.
            if (row.Memory is { FileId: { } file, FileKind: ("photo" or "document") and { } kind }) files.Add(new CommandFile(file, kind, string.Create(CultureInfo.InvariantCulture, $"{number}. {said ?? row.Event}").Trim()));
        }

        var next = skip + page.Count;
        var button = next < total && page.Count > 0 ? more(string.Create(CultureInfo.InvariantCulture, $"+{next}")) : null;
        return new CommandReply(string.Join('\n', lines))
        {
            Files = files.Count == 0 ? null : files,
            // Words that a button cannot carry are for the person to make more exact.
            Buttons = button is null || Bytes(button) > CommandButton.MaxBytes ? null : [button],
        };
    }

    private static int Bytes(CommandButton button) => System.Text.Encoding.UTF8.GetByteCount($"{button.Name}:{button.Argument}");

    private static int Skip(ReadOnlySpan<char> number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var skip) ? skip : 0;

    private static string? Day(DateOnly? day, Texts texts) => day is { } known ? texts.Day(known) : null;
}
