using System.IO.Compression;
using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Reading;

public abstract class ExportTests(DatabaseKind database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_zip_holds_every_memory_its_event_and_every_photo_once()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Telegram.Put("again", Pictures.Jpeg(1));
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Boda" })),
            1 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1", text = "el baile" }), ("add_memory", new { photo = "P2" }), ("add_memory", new { photo = "P3" })),
            _ => ScriptedChatClient.Say("Guardé 3 fotos."),
        });
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Photo("again").Photo("photo2").Seal());

        using var zip = await ZipAsync(host, "/api/export");
        Assert.Equal(["memories.json", "events.json"], zip.Entries.Take(2).Select(entry => entry.FullName));
        var memories = Json(zip, "memories.json");
        Assert.Equal(["el baile", null, null], memories.Select(m => m.GetProperty("text").GetString()));
        Assert.Equal("Boda", Assert.Single(Json(zip, "events.json")).GetProperty("name").GetString());
        var photos = memories.Select(m => m.GetProperty("photo").GetString()!).ToList();
        Assert.Equal(photos.Distinct().Order(), zip.Entries.Skip(2).Select(entry => entry.FullName).Order());
        Assert.Equal((Pictures.Jpeg(1), Pictures.Jpeg(2)), (Bytes(zip, photos[0]), Bytes(zip, photos[2])), Same);

        static bool Same((byte[] A, byte[] B) one, (byte[] A, byte[] B) other) => one.A.SequenceEqual(other.A) && one.B.SequenceEqual(other.B);
    }

    [Fact]
    public async Task An_export_can_be_of_one_person_and_names_the_photos_whose_files_are_gone()
    {
        await using var host = await BackendHost.StartAsync(database);
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());
        await host.ReplyAsync(Chat.Luis().Photo("photo2").Seal());
        foreach (var file in Directory.EnumerateFiles(host.PhotosFolder, "*", SearchOption.AllDirectories)) File.Delete(file);

        using var zip = await ZipAsync(host, "/api/export?person=luis");
        var memory = Assert.Single(Json(zip, "memories.json"));
        Assert.Equal("Luis", memory.GetProperty("owner").GetString());
        Assert.Equal(memory.GetProperty("photo").GetString() + "\n", System.Text.Encoding.UTF8.GetString(Bytes(zip, "missing.txt")));
    }

    [Fact]
    public async Task Nothing_is_a_zip_too()
    {
        await using var host = await BackendHost.StartAsync(database);
        using var zip = await ZipAsync(host, "/api/export");
        Assert.Empty(Json(zip, "memories.json"));
        Assert.Empty(Json(zip, "events.json"));
    }

    private static async Task<ZipArchive> ZipAsync(BackendHost host, string path)
    {
        using var response = await host.Http.GetAsync(path, Token);
        Assert.Equal("application/zip", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        return new ZipArchive(new MemoryStream(await response.Content.ReadAsByteArrayAsync(Token)), ZipArchiveMode.Read);
    }

    private static List<JsonElement> Json(ZipArchive zip, string name) => [.. JsonDocument.Parse(Bytes(zip, name)).RootElement.EnumerateArray()];

    private static byte[] Bytes(ZipArchive zip, string name)
    {
        using var stream = zip.GetEntry(name)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
