using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Privacy;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Privacy;

/// <summary>/exportar.</summary>
public abstract class PersonExportTests(DatabaseKind database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_holds_every_row_with_every_column_and_every_file_of_the_person_and_nothing_of_others()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, luis) = (Chat.Ana(), Chat.Luis());
        await host.SaveAsync(ana, "Boda", ("photo1", "la tarta"), ("photo2", "el baile"));
        await host.JoinAsync(luis, "Boda");
        await host.SaveAsync(luis, "Boda", ("photo3", "the band"));
        host.Model.Answers(ScriptedChatClient.SaveAll);
        var batch = (await host.ReplyAsync(ana.Photo("photo4").Seal())).BatchId;
        await host.TellAsync(ana.Command(PersonCommand.Feedback, $"up {batch}"));

        var parts = await PartsAsync(host, ana);
        using var zip = Assert.Single(parts);
        Assert.StartsWith("Todo lo que Ráfaga guarda de ti.", await TextAsync(zip, "LÉEME.txt"), StringComparison.Ordinal);
        await using var db = host.Open();
        var person = await db.Users.Where(u => u.Name == "Ana").Select(u => u.Id).SingleAsync(Token);
        foreach (var rows in PersonRows.Of(db, person))
        {
            var table = db.Model.FindEntityType(rows.ElementType)!;
            var exported = JsonDocument.Parse(await TextAsync(zip, $"data/{table.GetTableName()}.json")).RootElement.EnumerateArray().ToList();
            Assert.Equal(await rows.CountAsync(Token), exported.Count);
            Assert.All(exported, row => Assert.Equal(table.GetProperties().Select(p => p.GetColumnName()).Order(), row.EnumerateObject().Select(p => p.Name).Order()));
        }

        Assert.Equal(["la tarta", "el baile", null], Rows(zip, "memories").Select(m => m.GetProperty("text").GetString()));
        Assert.Equal("up", Assert.Single(Rows(zip, "feedback")).GetProperty("verdict").GetString());
        var photos = Rows(zip, "photos").Select(p => "photos/" + p.GetProperty("path").GetString()).ToList();
        Assert.Equal(3, photos.Count);
        Assert.All(photos, path => Assert.Equal(File.ReadAllBytes(Path.Combine(host.PhotosFolder, path["photos/".Length..])), Bytes(zip, path)));
        Assert.DoesNotContain("the band", string.Concat(zip.Entries.Where(e => e.FullName.EndsWith(".json", StringComparison.Ordinal)).Select(e => Text(zip, e.FullName))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_fit_goes_on_in_the_next_part()
    {
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings { ExportPartBytes = 4000 });
        var ana = Chat.Ana();
        await host.SaveAsync(ana, "Boda", [.. Enumerable.Range(1, 12).Select(i => ($"photo{i}", "foto"))]);
        var parts = await PartsAsync(host, ana);
        Assert.InRange(parts.Count, 2, 20);
        Assert.Equal(12, parts.SelectMany(zip => zip.Entries).Where(e => e.FullName.StartsWith("photos/", StringComparison.Ordinal)).DistinctBy(e => e.FullName).Count());
        Assert.Single(parts.SelectMany(zip => zip.Entries), e => e.FullName == "data/memories.json");
        foreach (var zip in parts) zip.Dispose();
    }

    [Fact]
    public async Task Of_somebody_who_is_not_known_there_is_none_and_whoever_is_not_the_bot_gets_none()
    {
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings(Secret: "a secret of the tests"));
        using var forged = await host.Http.PostAsJsonAsync(ExportEndpoint.Path, new ExportRequest(Chat.Ana().Conversation), ContractsJson.Default.ExportRequest, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        await using var open = await BackendHost.StartAsync(database);
        using var nobody = await open.Http.PostAsJsonAsync(ExportEndpoint.Path, new ExportRequest(Chat.Ana().Conversation), ContractsJson.Default.ExportRequest, Token);
        Assert.Equal(HttpStatusCode.NoContent, nobody.StatusCode);
        using var unreadable = await open.Http.PostAsync(ExportEndpoint.Path, new StringContent("""{"conversation":"x","skip":-1}"""), Token);
        Assert.Equal(HttpStatusCode.BadRequest, unreadable.StatusCode);
    }

    private static async Task<List<ZipArchive>> PartsAsync(BackendHost host, Chat person)
    {
        List<ZipArchive> parts = [];
        int? skip = null;
        do
        {
            using var response = await host.Http.PostAsJsonAsync(ExportEndpoint.Path, new ExportRequest(person.Conversation, skip), ContractsJson.Default.ExportRequest, Token);
            Assert.Equal((HttpStatusCode.OK, "application/zip"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
            parts.Add(new ZipArchive(new MemoryStream(await response.Content.ReadAsByteArrayAsync(Token))));
            skip = response.Headers.TryGetValues(ExportEndpoint.NextHeader, out var next) ? int.Parse(next.Single(), CultureInfo.InvariantCulture) : null;
        }
        while (skip is not null);

        return parts;
    }

    private static List<JsonElement> Rows(ZipArchive zip, string table) => [.. JsonDocument.Parse(Text(zip, $"data/{table}.json")).RootElement.EnumerateArray()];

    private static Task<string> TextAsync(ZipArchive zip, string name) => Task.FromResult(Text(zip, name));

    private static string Text(ZipArchive zip, string name) => System.Text.Encoding.UTF8.GetString(Bytes(zip, name));

    private static byte[] Bytes(ZipArchive zip, string name)
    {
        using var entry = zip.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }
}
