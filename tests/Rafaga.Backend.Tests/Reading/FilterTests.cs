using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Backend.Tests.Store;
using Xunit;

namespace Rafaga.Backend.Tests.Reading;

public abstract class FilterTests(DatabaseKind database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Days_choose_by_when_a_picture_was_taken_else_added_and_order_by_it()
    {
        await using var host = await BackendHost.StartAsync(database);
        await FillAsync(host, "2026-04-30", "2024-05-02", null, "2026-05-01", "2025-05-02");

        Assert.Equal(["5", "4", "3", "2", "1"], await TextsAsync(host, ""));
        Assert.Equal(["3", "4", "1"], await TextsAsync(host, "from=2026-04-01"));
        Assert.Equal(["5", "2"], await TextsAsync(host, "to=2026-04-29"));
        Assert.Equal(["4", "1"], await TextsAsync(host, "from=2026-04-30&to=2026-05-01"));
        Assert.Equal(["3"], await TextsAsync(host, "from=2026-05-02&to=2026-05-02"));
        Assert.Empty(await TextsAsync(host, "from=2026-05-03"));
    }

    [Fact]
    public async Task On_this_day_is_the_same_day_of_earlier_years()
    {
        await using var host = await BackendHost.StartAsync(database);
        await FillAsync(host, "2026-05-02", "2024-05-02", "2020-02-29", "2025-05-02", "2025-05-03", "2025-02-05");

        Assert.Equal(["4", "2"], await TextsAsync(host, "on_this_day=today"));
        Assert.Equal(["1", "4", "2"], await TextsAsync(host, "on_this_day=2027-05-02"));
        Assert.Equal(["3"], await TextsAsync(host, "on_this_day=2024-02-29"));
        Assert.Equal(["2"], await TextsAsync(host, "on_this_day=today&to=2024-12-31"));
        Assert.Empty(await TextsAsync(host, "on_this_day=2020-02-29"));
    }

    [Theory]
    [InlineData("from=2000-01-01")]
    [InlineData("on_this_day=2027-05-02")]
    [InlineData("q=palabra")]
    [InlineData("person=ana&event=boda")]
    [InlineData("q=palabra&person=ana&event=boda&from=2000-01-01")]
    public async Task Pages_of_every_filter_give_each_memory_once(string filter)
    {
        await using var host = await BackendHost.StartAsync(database);
        await FillAsync(host, [.. Enumerable.Range(0, 11).Select(i => $"20{10 + (i * 7 % 11)}-05-02")]);
        var whole = await TextsAsync(host, filter);
        Assert.Equal(11, whole.Count);

        List<string> paged = [];
        string? after = null;
        do
        {
            var page = await host.GetAsync($"/api/memories?limit=3&after={after}&{filter}");
            paged.AddRange(page.GetProperty("memories").EnumerateArray().Select(Number));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);

        Assert.Equal(whole, paged);
    }

    [Theory]
    [InlineData("from=soon", "from")]
    [InlineData("to=2026-13-01", "to")]
    [InlineData("on_this_day=05-02", "on_this_day")]
    [InlineData("on_this_day=%00", "on_this_day")]
    public async Task A_day_that_is_none_gets_one_clear_line(string query, string named)
    {
        await using var host = await BackendHost.StartAsync(database);
        using var response = await host.Http.GetAsync("/api/memories?" + query, Token);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_are_found_by_their_beginnings_in_any_case_with_and_without_accents_between_any_punctuation()
    {
        await using var host = await BackendHost.StartAsync(database);
        await using (var db = host.Open()) await Sample.AddAsync(db, "Cumpleaños", "¿Dónde? En la playa/arena, con «María-José»; pingüino_azul 12.5 kg ñandú ЁЖИК");
        foreach (var words in (string[])["donde", "DÓNDE", "playa arena", "aren", "maria jose", "maría-josé", "pinguino", "azul", "12 5", "ñandu", "nandú", "cumple", "ёжик"])
            Assert.True(await FoundAsync(host, words), words);
        foreach (var words in (string[])["ande", "playa montaña", "dondex", "13"]) Assert.False(await FoundAsync(host, words), words);
    }

    [Fact]
    public async Task No_query_however_hostile_fails()
    {
        await using var host = await BackendHost.StartAsync(database);
        await using (var db = host.Open()) await Sample.AddAsync(db, "Boda", "una canción");
        string[] hostile =
        [
            "\"", "''", "\\", "*", "(", ")", "a OR", "NOT", "AND AND", "a NEAR/2 b", "text:x", "scope:o", "{text}:x", "^a", "-a", "a:*", "a & b", "a | !b", "<->", "a <2> b", ":A", "%", "_", "$1", "@p0", "{0}",
            "';DROP TABLE memories;--", new string('a', 3000), new string('ñ', 800), string.Join(' ', Enumerable.Repeat("a", 800)), "\u0001", "\u200b", "\ud83d\ude00", "\u0301", "ﷺ", "İ", "ß", "ǅ", "１２", "²", "ⅷ", "\ufb01",
        ];
        var random = new Random(1);
        var alphabet = "ab'\"\\*()&|!<>-:^{}%_ \tñé\u0301\u4e2d\u0e01\u0905\u093f١٢".ToCharArray();
        var made = Enumerable.Range(0, 300).Select(_ => new string(random.GetItems(alphabet, random.Next(1, 30))));
        foreach (var query in hostile.Concat(made))
        {
            using var response = await host.Http.GetAsync($"/api/memories?q={Uri.EscapeDataString(query)}&person=ana", Token);
            Assert.True(response.StatusCode == HttpStatusCode.OK, query);
        }

        Assert.True(await FoundAsync(host, "cancion"));
    }

    private static async Task<bool> FoundAsync(BackendHost host, string words) => (await TextsAsync(host, $"q={Uri.EscapeDataString(words)}")).Count > 0;

    private static async Task<IReadOnlyList<string>> TextsAsync(BackendHost host, string query) =>
        [.. (await host.GetAsync("/api/memories?limit=200&" + query)).GetProperty("memories").EnumerateArray().Select(Number)];

    private static string Number(JsonElement memory) => memory.GetProperty("text").GetString()!.Split(' ')[^1];

    // Memories of Ana, stored on 2026-05-02, with the number of each as the last word of its text.
    private static async Task FillAsync(BackendHost host, params string?[] taken)
    {
        await using var db = host.Open();
        var first = await Sample.AddAsync(db, "Boda", "palabra");
        var message = await db.Messages.SingleAsync(Token);
        db.Memories.Remove(first);
        await db.SaveChangesAsync(Token);
        for (var i = 1; i <= taken.Length; i++)
        {
            await Sample.AddAsync(db, first, message, $"palabra {i}", taken[i - 1]);
        }
    }
}
