using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Memories.Bench;

/// <summary>Fills a database as years of use would: few people with much, many with little, events that are shared.</summary>
internal sealed class Archive(IDbContextFactory<MemoryDb> databases, UuidSequence ids)
{
    public const int Memories = 200_000;
    public const int People = 400;
    public const int EventsPerPerson = 20;

    // Of the whole, one person has a tenth.
    private const int Busiest = Memories / 10;
    private const int Chunk = 2000;
    private static readonly DateTimeOffset Start = new(2020, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly Random _random = new(1);

    public Guid BusiestPerson { get; private set; }

    /// <summary>Belongs to the events of the busiest one.</summary>
    public Guid Guest { get; private set; }

    /// <summary>Has as much as most.</summary>
    public Guid Anybody { get; private set; }

    public async Task FillAsync()
    {
        var vocabulary = new Vocabulary(_random);
        var people = Enumerable.Range(0, People).Select(i => new User
        {
            Id = ids.Next(), BotId = 7000, TelegramId = 1000 + i, Name = $"Person {i}", NameKey = $"person {i}", Username = $"person{i}", Language = "es", CreatedAt = Start,
        }).ToList();
        (BusiestPerson, Guest, Anybody) = (people[0].Id, people[1].Id, people[^1].Id);
        var conversations = people.ConvertAll(p => new Conversation { Id = ids.Next(), Key = $"telegram:7000:{p.TelegramId}:0:{p.TelegramId}", UserId = p.Id, CreatedAt = Start });
        var batches = conversations.ConvertAll(c => new Batch
        {
            Id = $"batch-{c.Id:n}", ConversationId = c.Id, BodyHash = "", Status = "done", Fence = 1, ClaimId = ids.Next(), ClaimedUntil = Start, CreatedAt = Start,
        });
        var events = people.SelectMany((person, i) => Enumerable.Range(0, EventsPerPerson).Select(n => new Event
        {
            Id = ids.Next(), OwnerId = person.Id, Name = $"Event {n} {Vocabulary.Word(i)}", NameKey = Fold.Key($"Event {n} {Vocabulary.Word(i)}"), CreatedAt = Start,
        })).ToList();
        var photos = Enumerable.Range(0, 1000).Select(i => new Photo
        {
            Id = ids.Next(), FileUniqueId = $"f{i}", Sha256 = $"{i:x64}", Size = 1, MediaType = "image/jpeg", Width = 1280, Height = 960, Path = "x", CreatedAt = Start,
        }).ToList();
        await SaveAsync([.. people, .. conversations, .. events, .. photos]);
        await SaveAsync(batches);
        await SaveAsync(events.SelectMany((e, i) => new[]
        {
            new EventMember { EventId = e.Id, UserId = e.OwnerId, Role = EventRole.Owner },
            new EventMember { EventId = e.Id, UserId = people[((i / EventsPerPerson) + 1) % People].Id, Role = EventRole.Viewer },
        }));

        for (var done = 0; done < Memories; done += Chunk)
        {
            List<object> rows = [];
            for (var i = done; i < done + Chunk; i++)
            {
                var person = i % 10 == 0 ? 0 : _random.Next(1, People);
                var at = Start.AddMinutes(15 * i);
                var message = new Message
                {
                    Id = ids.Next(), ConversationId = conversations[person].Id, BatchId = batches[person].Id, Role = "user", MessageKey = $"m{i}", Kind = "photo", SentAt = at, ReceivedAt = at,
                };
                rows.Add(message);
                rows.Add(new Memory
                {
                    Id = ids.Next(), OwnerId = people[person].Id, EventId = events[(person * EventsPerPerson) + _random.Next(EventsPerPerson)].Id, PhotoId = photos[i % photos.Count].Id,
                    MessageId = message.Id, Text = vocabulary.Text(8), ImageDescription = vocabulary.Text(12), TakenAt = i % 3 == 0 ? null : at.DateTime.AddDays(-1), AddedAt = at, Revision = 1,
                });
            }

            await SaveAsync(rows);
        }
    }

    private async Task SaveAsync(IEnumerable<object> rows)
    {
        await using var db = await databases.CreateDbContextAsync();
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }
}
