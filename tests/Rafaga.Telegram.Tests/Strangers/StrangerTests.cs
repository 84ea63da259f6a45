using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Telegram.Simulator;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Telegram.Tests.Pictures;
using Rafaga.Telegram.Tests.Simulator;

namespace Rafaga.Telegram.Tests.Strangers;

/// <summary>Two bots made with libraries that we did not write take the simulator for the real server, on the real clock.</summary>
public sealed class StrangerTests : IAsyncLifetime
{
    private const string Grammy = "grammy-bot.mjs";
    private const string Telegraf = "telegraf-bot.mjs";

    private readonly TemporaryFolder _folder = new();
    private LoopbackApp _app = null!;
    private TelegramSimulator _simulator = null!;
    private Person _ana = null!;

    public static TheoryData<string, bool> Bots => new() { { Grammy, false }, { Grammy, true }, { Telegraf, false }, { Telegraf, true } };

    public async ValueTask InitializeAsync()
    {
        _app = await LoopbackApp.StartAsync(
            services => services.AddTelegramSimulator(new SimulatorOptions { Token = SimulatorHost.Token }), routes => routes.MapTelegramSimulator(), TestContext.Current.CancellationToken);
        _simulator = _app.Services.GetRequiredService<TelegramSimulator>();
        _ana = _simulator.FindPerson("ana")!;
        await File.WriteAllBytesAsync(_folder.File("photo.jpg"), Picture.Jpeg(1280, 960));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Bots))]
    public async Task A_strangers_bot_works_as_on_telegram(string script, bool byWebhook)
    {
        await using var bot = await StartAsync(script, byWebhook);
        await AnswersTextsAndEditsAsync();
        await AnswersButtonsAsync();
        await DownloadsAPhotoAsync();
        await SeesAnAlbumAndSendsOneAsync();
        await ReactsEditsAndIsReactedToAsync();
        await IsToldOfWrongMarkupAsync();
        await WaitsAsLongAsA429AsksAsync();
        _simulator.Block(_ana);
        await Eventually.TrueAsync(() => Task.FromResult(bot.Output.Contains("standing kicked")), "the bot hears that it is blocked");
        Assert.DoesNotContain(bot.Output, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Grammy)]
    [InlineData(Telegraf)]
    public async Task A_second_poller_ends_the_first_with_409(string script)
    {
        await using var first = await StartAsync(script);
        await using var second = await StartAsync(script);
        await Eventually.TrueAsync(() => Task.FromResult(first.HasEnded || second.HasEnded), "one of them gives up");
        var ended = first.HasEnded ? first : second;
        await Eventually.TrueAsync(
            () => Task.FromResult(ended.Output.Any(line => line.Contains("409: Conflict: terminated by other getUpdates request", StringComparison.Ordinal))), "it says why");
    }

    [Theory]
    [InlineData(Grammy)]
    [InlineData(Telegraf)]
    public async Task A_poller_outlives_a_429_and_a_cut_connection(string script)
    {
        _simulator.Faults.Add(new Fault(FaultKind.TooManyRequests) { Method = "getUpdates", Skip = 1, RetryAfter = 1 });
        _simulator.Faults.Add(new Fault(FaultKind.CutAfter) { Method = "getUpdates", Skip = 1 });
        await using var bot = await StartAsync(script);
        for (var n = 1; n <= 3; n++)
        {
            _simulator.SendText(_ana, $"text {n}");
            await ReplyAsync(m => m.Text == $"you said: text {n}");
        }

        Assert.Empty(_simulator.Faults.Waiting);
    }

    private async Task AnswersTextsAndEditsAsync()
    {
        var sent = _simulator.SendText(_ana, "hola ñandú 👋")[0].MessageId;
        Assert.Equal(sent, (await ReplyAsync(m => m.Text == "you said: hola ñandú 👋")).ReplyToMessageId);
        _simulator.At(_ana).Edit(sent, "adiós");
        await ReplyAsync(m => m.Text == "you changed it to: adiós");
    }

    private async Task AnswersButtonsAsync()
    {
        _simulator.SendText(_ana, "/start");
        var greeting = await ReplyAsync(m => m.Text == "Hi Ana");
        Assert.Equal(["Yes", "No"], greeting.Buttons![0].Select(b => b.Text));
        var query = _simulator.At(_ana).Press(greeting.MessageId, "Yes");
        var edited = await ReplyAsync(m => m.Text == "You said yes");
        Assert.Equal((greeting.MessageId, null), (edited.MessageId, edited.Buttons));
        Assert.Equal("noted", _simulator.AnswerTo(query)?.Text);
    }

    private async Task DownloadsAPhotoAsync()
    {
        var picture = Picture.Jpeg(1024, 768);
        var sent = _simulator.SendFiles(_ana, [new OutgoingFile("a.jpg", picture)], "mira")[0].MessageId;
        var reply = await ReplyAsync(m => m.Text == "photo " + Convert.ToHexStringLower(SHA256.HashData(picture)));
        Assert.Equal(sent, reply.ReplyToMessageId);
    }

    private async Task SeesAnAlbumAndSendsOneAsync()
    {
        var album = _simulator.SendFiles(_ana, [new OutgoingFile("a.jpg", Picture.Jpeg()), new OutgoingFile("b.jpg", Picture.Jpeg(800, 600))], album: true);
        foreach (var member in album) await ReplyAsync(m => m.Text == $"album {member.MediaGroupId} {member.MessageId}");
        _simulator.SendText(_ana, "/album");
        await Eventually.TrueAsync(() => Task.FromResult(Replies().Count(m => m.MediaGroupId is not null) == 2), "the bot's album");
        var sent = Replies().Where(m => m.MediaGroupId is not null).ToList();
        Assert.Equal((sent[0].MediaGroupId, "one", null), (sent[1].MediaGroupId, sent[0].Caption, sent[1].Caption));
        Assert.Equal((1280, 960), (sent[1].PhotoWidth, sent[1].PhotoHeight));
    }

    private async Task ReactsEditsAndIsReactedToAsync()
    {
        var asked = _simulator.SendText(_ana, "/draft")[0].MessageId;
        await ReplyAsync(m => m is { Text: "done", EditDate: not null });
        Assert.Equal("👀", Assert.Single(_simulator.Messages(_ana).Single(m => m.MessageId == asked).Reactions!).Emoji);
        _simulator.At(_ana).React(asked, "❤");
        await ReplyAsync(m => m.Text == "reaction ❤");
    }

    private async Task IsToldOfWrongMarkupAsync()
    {
        _simulator.SendText(_ana, "/wrong");
        await ReplyAsync(m => m.Text == "Bad Request: can't parse entities: Can't find end of Bold entity at byte offset 0");
    }

    private async Task WaitsAsLongAsA429AsksAsync()
    {
        _simulator.Faults.Add(new Fault(FaultKind.TooManyRequests) { Method = "sendMessage", RetryAfter = 1 });
        _simulator.SendText(_ana, "/busy");
        await ReplyAsync(m => m.Text == "after 1");
        Assert.DoesNotContain(Replies(), m => m.Text == "at once");
    }

    private IEnumerable<ChatMessage> Replies() => _simulator.Messages(_ana).Where(m => m.IsBot);

    private Task<ChatMessage> ReplyAsync(Func<ChatMessage, bool> isIt) =>
        Eventually.SomethingAsync(() => Task.FromResult(Replies().FirstOrDefault(isIt)), "the reply; there are: " + string.Join(" | ", Replies().Select(m => m.Text)));

    private Task<StrangerBot> StartAsync(string script, bool byWebhook = false) => StrangerBot.StartAsync(script, _app.BaseUrl, byWebhook, _folder.File("photo.jpg"));
}
