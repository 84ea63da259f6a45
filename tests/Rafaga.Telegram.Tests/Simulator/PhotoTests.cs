using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator;
using Rafaga.Telegram.Tests.Pictures;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>Photos, albums, files, and how a bot gets them.</summary>
public sealed class PhotoTests : IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;

    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int, int, string> Sizes => new()
    {
        { 4000, 3000, "90x67 320x240 800x600 1280x960" },
        { 3000, 4000, "67x90 240x320 600x800 960x1280" },
        { 1280, 960, "90x67 320x240 800x600 1280x960" },
        { 1000, 500, "90x45 320x160 800x400 1000x500" },
        { 800, 800, "90x90 320x320 800x800" },
        { 200, 100, "90x45 200x100" },
        { 60, 40, "60x40" },
        { 2000, 100, "90x4 320x16 800x40 1280x64" },
    };

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task A_photo_comes_in_ascending_sizes_up_to_its_own(int width, int height, string expected)
    {
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("a.jpg", Picture.Jpeg(width, height))]);
        var photo = Photo(Assert.Single(await _host.UpdatesAsync()));
        Assert.Equal(expected, string.Join(' ', photo.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p!["width"]}x{p["height"]}"))));
        Assert.Equal(photo.Count, photo.Select(p => (string?)p!["file_id"]).Distinct().Count());
        Assert.Equal(photo.Count, photo.Select(p => (string?)p!["file_unique_id"]).Distinct().Count());
    }

    [Fact]
    public async Task Every_size_can_be_downloaded_and_says_truly_how_large_it_is()
    {
        var picture = Picture.Jpeg(1280, 960);
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("a.jpg", picture)], caption: "  Playa ");
        var message = (await _host.UpdatesAsync())[0]!["message"]!;
        Assert.Equal("Playa", (string?)message["caption"]);
        Assert.Equal(["file_id", "file_unique_id", "file_size", "width", "height"], message["photo"]![0]!.AsObject().Select(m => m.Key));
        foreach (var size in message["photo"]!.AsArray())
        {
            var file = await _host.Bot.GetFileAsync((string)size!["file_id"]!, Cancellation);
            Assert.Matches(@"^photos/file_\d+\.jpg$", file.FilePath);
            Assert.Equal((string?)size["file_unique_id"], file.FileUniqueId);
            var bytes = await _host.Bot.DownloadAsync(file.FilePath!, Cancellation);
            Assert.Equal(picture, bytes);
            Assert.Equal(bytes.Length, (long)size["file_size"]!);
            Assert.Equal(bytes.Length, file.FileSize);
        }
    }

    [Fact]
    public async Task A_photo_loses_its_exif_and_a_file_keeps_it()
    {
        var picture = Picture.Jpeg(640, 480, Picture.Exif(date: "2026:05:02 17:30:00"));
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("a.jpg", picture)]);
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("ana's día.jpg", picture)], asDocument: true);
        var updates = await _host.UpdatesAsync();
        var compressed = await DownloadAsync((string)Photo(updates[0])[0]!["file_id"]!);
        Assert.DoesNotContain("2026:05:02", Encoding.Latin1.GetString(compressed), StringComparison.Ordinal);
        var document = updates[1]!["message"]!["document"]!;
        Assert.Equal(["file_name", "mime_type", "file_id", "file_unique_id", "file_size"], document.AsObject().Select(m => m.Key));
        Assert.Equal(("ana's día.jpg", "image/jpeg"), ((string?)document["file_name"], (string?)document["mime_type"]));
        Assert.Equal(picture, await DownloadAsync((string)document["file_id"]!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_album_is_several_messages_with_one_group_and_one_caption(bool asDocument)
    {
        var files = Enumerable.Range(1, 4).Select(i => new OutgoingFile($"{i}.png", Picture.Png((uint)(100 * i), 100))).ToList();
        var shown = _host.People.SendFiles(_host.Ana, files, "Cumpleaños", album: true, asDocument);
        Assert.Equal([1, 2, 3, 4], shown.Select(m => m.MessageId));
        var updates = await _host.UpdatesAsync();
        Assert.Equal(4, updates.Select(u => (long)u!["update_id"]!).Distinct().Count());
        var messages = updates.Select(u => u!["message"]!).ToList();
        var group = Assert.Single(messages.Select(m => m["media_group_id"]!.ToJsonString()).Distinct());
        Assert.StartsWith("\"", group, StringComparison.Ordinal);
        Assert.Equal(["Cumpleaños", null, null, null], messages.Select(m => (string?)m["caption"]));
        Assert.All(messages, m => Assert.NotNull(m[asDocument ? "document" : "photo"]));
        Assert.Equal(
            ["message_id", "from", "chat", "date", "media_group_id", asDocument ? "document" : "photo", "caption"], messages[0].AsObject().Select(m => m.Key));

        var next = _host.People.SendFiles(_host.Ana, files, album: true);
        Assert.NotEqual(shown[0].MediaGroupId, next[0].MediaGroupId);
    }

    [Fact]
    public async Task Several_photos_that_are_no_album_are_messages_of_their_own()
    {
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("a.gif", Picture.Gif(10, 10)), new OutgoingFile("b.webp", Picture.WebPLossy(10, 10))], "words");
        var updates = await _host.UpdatesAsync();
        Assert.Equal(2, updates.Count);
        Assert.All(updates, u => Assert.Null(u!["message"]!["media_group_id"]));
        Assert.Null((await _host.UpdatesAsync())[1]!["message"]!["caption"]);
        Assert.Null(_host.People.SendFiles(_host.Ana, [new OutgoingFile("a.gif", Picture.Gif(10, 10))], album: true)[0].MediaGroupId);
    }

    [Fact]
    public async Task A_file_over_20_MB_is_announced_but_not_handed_out()
    {
        byte[] big = [.. Picture.Jpeg(), .. new byte[20 * Megabyte]];
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("big.jpg", big)], asDocument: true);
        var document = Assert.Single(await _host.UpdatesAsync())!["message"]!["document"]!;
        Assert.Equal(big.Length, (long)document["file_size"]!);
        var e = await Assert.ThrowsAsync<TelegramException>(() => _host.Bot.GetFileAsync((string)document["file_id"]!, Cancellation));
        Assert.Equal((400, "Bad Request: file is too big"), (e.ErrorCode, e.Description));
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Http.GetAsync($"/file/bot{SimulatorHost.Token}/documents/file_1.jpg", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_file_of_exactly_20_MB_is_handed_out()
    {
        var big = Picture.Jpeg();
        Array.Resize(ref big, 20 * Megabyte);
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("big.jpg", big)], asDocument: true);
        var document = Assert.Single(await _host.UpdatesAsync())!["message"]!["document"]!;
        Assert.Equal(big.Length, (await DownloadAsync((string)document["file_id"]!)).Length);
    }

    [Theory]
    [InlineData("photos/file_999.jpg")]
    [InlineData("photos")]
    [InlineData("")]
    [InlineData("../simulator.db")]
    [InlineData("..%2f..%2fetc/passwd")]
    [InlineData("%2e%2e/simulator.db")]
    [InlineData("photos/file_1.jpg%00")]
    [InlineData("PHOTOS/FILE_1.JPG")]
    public async Task Only_paths_that_were_given_lead_to_a_file(string path)
    {
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("a.jpg", Picture.Jpeg(50, 50))]);
        var response = await _host.Http.GetAsync($"/file/bot{SimulatorHost.Token}/{path}", Cancellation);
        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_real_types_read_what_the_simulator_writes()
    {
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("a.jpg", Picture.Jpeg(1280, 960)), new OutgoingFile("b.jpg", Picture.Jpeg(1280, 960))], "hola", album: true);
        var updates = await _host.Bot.GetUpdatesAsync(null, 100, TimeSpan.Zero, ["message", "edited_message"], Cancellation);
        var message = updates[0].Deserialize(TelegramJson.Default.Update)!.Message!;
        Assert.Equal((1, 1001, "private", "ana", "es"), (message.MessageId, message.Chat.Id, message.Chat.Type, message.From!.Username, message.From.LanguageCode));
        Assert.Equal(("hola", 4, 1280), (message.Caption, message.Photo!.Count, message.Photo[^1].Width));
        Assert.Equal(message.MediaGroupId, updates[1].Deserialize(TelegramJson.Default.Update)!.Message!.MediaGroupId);
    }

    private static JsonArray Photo(JsonNode? update) => update!["message"]!["photo"]!.AsArray();

    private async Task<byte[]> DownloadAsync(string fileId) =>
        await _host.Bot.DownloadAsync((await _host.Bot.GetFileAsync(fileId, Cancellation)).FilePath!, Cancellation);
}
