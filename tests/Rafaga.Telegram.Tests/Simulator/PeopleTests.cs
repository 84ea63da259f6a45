using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator;
using Rafaga.Telegram.Tests.Pictures;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>Everything that people send.</summary>
public sealed class PeopleTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<OutgoingKind, string, string, string> Files => new()
    {
        { OutgoingKind.Video, "a.mov", "video", """["duration","width","height","file_name","mime_type","file_id","file_unique_id","file_size"] video/quicktime""" },
        { OutgoingKind.Voice, "a.bin", "voice", """["duration","mime_type","file_id","file_unique_id","file_size"] audio/ogg""" },
        { OutgoingKind.Audio, "a.mp3", "audio", """["duration","file_name","mime_type","file_id","file_unique_id","file_size"] audio/mpeg""" },
        { OutgoingKind.Document, "a.pdf", "document", """["file_name","mime_type","file_id","file_unique_id","file_size"] application/pdf""" },
        { OutgoingKind.Sticker, "a.webp", "sticker", """["type","width","height","is_animated","is_video","file_id","file_unique_id","file_size"] """ },
    };

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Files_of_every_kind_have_the_shape_of_the_bot_api(OutgoingKind kind, string name, string member, string shape)
    {
        byte[] bytes = [1, 2, 3];
        var shown = Assert.Single(_host.People.At(_host.Ana).Send(new OutgoingMessage { Files = [new OutgoingFile(name, bytes) { Kind = kind, Duration = 7 }], Caption = "mira" }));
        Assert.Equal((member, "mira"), (shown.FileKind, shown.Caption));
        var message = Assert.Single(await _host.UpdatesAsync())!["message"]!;
        var file = message[member]!;
        Assert.Equal(shape, $"[{string.Join(',', file.AsObject().Select(m => $"\"{m.Key}\""))}] {file["mime_type"]}");
        if (file["duration"] is { } duration) Assert.Equal(7, (int)duration);
        var found = await _host.Bot.GetFileAsync((string)file["file_id"]!, Cancellation);
        Assert.Equal(bytes, await _host.Bot.DownloadAsync(found.FilePath!, Cancellation));
    }

    [Fact]
    public async Task A_place_a_contact_and_what_nobody_knows()
    {
        var ana = _host.People.At(_host.Ana);
        ana.Send(new OutgoingMessage { Location = (40.4, -3.7) });
        ana.Send(new OutgoingMessage { Contact = ("Eva", "+34600") });
        ana.Send(new OutgoingMessage { Other = JsonNode.Parse("""{"dice":{"emoji":"🎲","value":4}}""")!.AsObject() });
        var messages = (await _host.UpdatesAsync()).Select(u => u!["message"]!).ToList();
        Assert.Equal("""{"latitude":40.4,"longitude":-3.7}""", messages[0]["location"]!.ToJsonString());
        Assert.Equal("""{"phone_number":"\u002B34600","first_name":"Eva"}""", messages[1]["contact"]!.ToJsonString());
        Assert.Equal(4, (int)messages[2]["dice"]!["value"]!);
    }

    [Theory]
    [InlineData("luis", """{"type":"user","sender_user":{"id":1002,"is_bot":false,"first_name":"Luis","username":"luis","language_code":"en"},"date":1700000000}""")]
    [InlineData("A stranger", """{"type":"hidden_user","sender_user_name":"A stranger","date":1700000000}""")]
    public async Task A_forwarded_message_keeps_its_first_date(string from, string origin)
    {
        _host.People.At(_host.Ana).Send(new OutgoingMessage { Files = [new OutgoingFile("a.jpg", Picture.Jpeg())], Forward = new ForwardOrigin(1_700_000_000, from) });
        var message = Assert.Single(await _host.UpdatesAsync())!["message"]!;
        Assert.Equal(origin, message["forward_origin"]!.ToJsonString());
        Assert.Equal(1_700_000_000, (long)message["forward_date"]!);
        var members = message.AsObject().Select(m => m.Key).ToList();
        Assert.True(members.IndexOf("date") < members.IndexOf("forward_origin") && members.IndexOf("forward_date") < members.IndexOf("photo"));
        Assert.Equal(1_700_000_000, _host.People.Messages(_host.Ana)[0].ForwardDate);
    }

    [Fact]
    public void One_message_is_one_thing()
    {
        var luis = _host.People.At(_host.Luis);
        Refused("Send a text or pictures, not both: words beside a picture are its caption.", new OutgoingMessage { Text = "x", Location = (1, 1) });
        Refused("A place is latitude,longitude: -90 to 90 and -180 to 180 degrees.", new OutgoingMessage { Location = (91, 0) });
        Refused("A contact is name,telephone number.", new OutgoingMessage { Contact = ("", "1") });
        Refused("The text is empty.", new OutgoingMessage());
        Assert.Empty(_host.People.Messages(_host.Luis));

        void Refused(string error, OutgoingMessage message) => Assert.Equal(error, Assert.Throws<SendRefusedException>(() => luis.Send(message)).Message);
    }
}
