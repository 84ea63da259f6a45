using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;
using Rafaga.Backend.Tests.Databases;
using Xunit;

namespace Rafaga.Backend.Tests.Store;

/// <summary>Search goes different ways for rare and frequent words, and for people who have little and much: all find the same.</summary>
public abstract class SearchTests(DatabaseKind kind)
{
    private const int Many = 2200;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rare_and_frequent_words_are_found_among_few_and_among_many()
    {
        await using var database = await TestDatabase.CreateAsync(kind, migrated: true);
        await using var db = database.Open();
        var first = await Sample.AddAsync(db, "Boda", "canción única");
        var message = await db.Messages.SingleAsync(Token);
        for (var i = 1; i < Many; i++) db.AddRange(Sample.Beside(first, message, $"more {i}", i % 2 == 0 ? "playas llenas" : "montaña"));
        await db.SaveChangesAsync(Token);
        var much = new SearchScope([first.OwnerId], []);
        var little = new SearchScope([message.Id], []);
        foreach (var (words, found) in new[] { ("unica", 1), ("playa", (Many - 1) / 2), ("PLAYA llena", (Many - 1) / 2), ("montana", Many / 2), ("boda", Many), ("boda unica", 1), ("nieve", 0), ("mont", Many / 2) })
        {
            Assert.Equal((words, found), (words, await CountAsync(null)));
            Assert.Equal((words, found), (words, await CountAsync(much)));
            Assert.Equal((words, found), (words, await CountAsync(new SearchScope([], [first.EventId!.Value]))));
            Assert.Equal((words, 0), (words, await (await db.MatchingAsync(words, little, Token)).CountAsync(m => little.Owners.Contains(m.OwnerId), Token)));

            async Task<int> CountAsync(SearchScope? scope) => await (await db.MatchingAsync(words, scope, Token)).CountAsync(Token);
        }
    }
}
