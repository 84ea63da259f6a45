using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator;

namespace Rafaga.EndToEnd.Tests.Evening;

/// <summary>A virtual person who writes in bursts of everything that people send. The same seed writes the same.</summary>
/// <param name="simulator">Where.</param>
/// <param name="person">Who.</param>
/// <param name="group">The group that the person writes in; null writes to the bot alone.</param>
/// <param name="seed">Decides what is written, and when.</param>
internal sealed class EveningGuest(TelegramSimulator simulator, Person person, Group? group, int seed)
{
    public static readonly string[] Texts = ["Hola", "Mira estas fotos", "Fue una tarde preciosa en la playa", "Comimos pizza con mi hermana", "Look at this", "It was my birthday", "¿Te acuerdas? 😀"];

    private readonly Random _random = new(seed);
    private readonly Participant _chat = group is null ? simulator.At(person) : simulator.At(person, group);
    private readonly List<long> _texts = [];

    public string Name => person.Username;

    public long ChatId => group?.Id ?? person.Id;

    /// <summary>The end of the key of the person's conversation.</summary>
    public string Conversation => $":{ChatId}:0:{person.Id}";

    /// <summary>What the chat shows.</summary>
    public IReadOnlyList<ChatMessage> Messages => group is null ? simulator.Messages(person, limit: 5000) : simulator.Messages(group, limit: 5000);

    /// <summary>Ids of all messages that were sent.</summary>
    public HashSet<long> Sent { get; } = [];

    public HashSet<string> Kinds { get; } = [];

    public async Task WriteAsync(int messages, CancellationToken cancellationToken)
    {
        while (Sent.Count < messages)
        {
            for (var left = Math.Min(_random.Next(1, 7), messages - Sent.Count); left > 0;)
            {
                left -= await SayAsync(left, cancellationToken);
                await PauseAsync(0.01, 0.25, cancellationToken);
            }

            // The window closes after a second.
            await PauseAsync(1.2, 2.5, cancellationToken);
        }
    }

    // How many messages it was.
    private async Task<int> SayAsync(int atMost, CancellationToken cancellationToken)
    {
        var kind = _random.Next(100);
        if (kind < 5 && _texts.Count > 0) return Edit();
        if (kind < 20 && atMost >= 2) return await AlbumAsync(Math.Min(atMost, _random.Next(2, 5)), cancellationToken);
        var (name, message) = kind switch
        {
            < 55 => ("text", new OutgoingMessage { Text = Pick(Texts) }),
            < 70 => ("photo", new OutgoingMessage { Files = [Photo()], Caption = _random.Next(3) == 0 ? Pick(Texts) : null }),
            < 74 => ("document", new OutgoingMessage { Files = [Photo() with { Kind = OutgoingKind.Document }] }),
            < 77 => ("voice", new OutgoingMessage { Files = [Bytes("voice.ogg", OutgoingKind.Voice)] }),
            < 80 => ("video", new OutgoingMessage { Files = [Bytes("film.mp4", OutgoingKind.Video)], Caption = "En el jardín" }),
            < 82 => ("audio", new OutgoingMessage { Files = [Bytes("song.mp3", OutgoingKind.Audio)] }),
            < 85 => ("sticker", new OutgoingMessage { Files = [Bytes("sticker.webp", OutgoingKind.Sticker)] }),
            < 88 => ("location", new OutgoingMessage { Location = (40.4, -3.7) }),
            < 90 => ("contact", new OutgoingMessage { Contact = ("Luis", "+34600000000") }),
            < 94 => ("forward", new OutgoingMessage { Text = Pick(Texts), Forward = new ForwardOrigin(1_600_000_000, "Abuela") }),
            < 97 when Sent.Count > 0 => ("reply", new OutgoingMessage { Text = Pick(Texts), ReplyTo = Sent.Last() }),
            _ => ("other", new OutgoingMessage { Other = new JsonObject { ["dice"] = new JsonObject { ["emoji"] = "🎲", ["value"] = 4 } } }),
        };
        Kinds.Add(name);
        var id = Keep(_chat.Send(message))[0];
        if (name == "text") _texts.Add(id);
        return 1;
    }

    private int Edit()
    {
        Kinds.Add("edit");
        _chat.Edit(_texts[_random.Next(_texts.Count)], $"{Pick(Texts)} {_random.Next(1000)}");
        return 0;
    }

    // At once, or with a member that comes late, or too late for the window.
    private async Task<int> AlbumAsync(int size, CancellationToken cancellationToken)
    {
        Kinds.Add("album");
        var album = new OutgoingMessage { Files = [.. Enumerable.Range(0, size).Select(_ => Photo())], Album = true };
        IReadOnlyList<TimeSpan> gaps = _random.Next(4) switch
        {
            0 => [TimeSpan.FromSeconds(0.3)],
            1 => [TimeSpan.FromSeconds(1.6)],
            _ => [],
        };
        Keep(await _chat.SendAsync(album, gaps, cancellationToken));
        return size;
    }

    private List<long> Keep(IReadOnlyList<ChatMessage> messages)
    {
        List<long> ids = [.. messages.Select(message => message.MessageId)];
        Sent.UnionWith(ids);
        return ids;
    }

    private OutgoingFile Photo()
    {
        var path = SamplePhotos.Path(_random.Next(6));
        return new OutgoingFile(Path.GetFileName(path), File.ReadAllBytes(path));
    }

    private OutgoingFile Bytes(string name, OutgoingKind kind)
    {
        var bytes = new byte[1000];
        _random.NextBytes(bytes);
        return new OutgoingFile(name, bytes) { Kind = kind };
    }

    private string Pick(string[] texts) => texts[_random.Next(texts.Length)];

    private Task PauseAsync(double from, double to, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(from + ((to - from) * _random.NextDouble())), TimeProvider.System, cancellationToken);
}
