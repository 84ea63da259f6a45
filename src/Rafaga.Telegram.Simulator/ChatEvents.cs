using System.Threading.Channels;

namespace Rafaga.Telegram.Simulator;

/// <summary>Something to show in a chat.</summary>
internal abstract record ChatEvent
{
    public sealed record Message(ChatMessage Shown) : ChatEvent;

    /// <summary>A message that is there has changed: its content, its buttons, its reactions.</summary>
    public sealed record Edited(ChatMessage Shown) : ChatEvent;

    public sealed record Deleted(long MessageId) : ChatEvent;

    public sealed record Typing : ChatEvent;

    /// <summary>What the bot is writing; an empty text says that it thinks.</summary>
    public sealed record Draft(string Text) : ChatEvent;

    /// <summary>What the bot says to a button that was pressed.</summary>
    public sealed record Answered(string QueryId, CallbackAnswer Answer) : ChatEvent;
}

/// <summary>Hands events of a chat to everybody who looks at it. A slow reader loses the oldest: it catches up by asking for messages after the last one it saw.</summary>
internal sealed class ChatEvents
{
    private const int Capacity = 256;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, List<Channel<ChatEvent>>> _readers = [];

    public void Publish(long chatId, ChatEvent happened)
    {
        lock (_gate)
        {
            foreach (var reader in _readers.GetValueOrDefault(chatId) ?? []) reader.Writer.TryWrite(happened);
        }
    }

    /// <summary>Everything from now on, until disposed.</summary>
    public Subscription Subscribe(long chatId)
    {
        var channel = Channel.CreateBounded<ChatEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            if (!_readers.TryGetValue(chatId, out var readers)) _readers[chatId] = readers = [];
            readers.Add(channel);
        }

        return new Subscription(this, chatId, channel);
    }

    internal sealed class Subscription(ChatEvents events, long chatId, Channel<ChatEvent> channel) : IDisposable
    {
        public ChannelReader<ChatEvent> Reader => channel.Reader;

        public void Dispose()
        {
            lock (events._gate) events._readers[chatId].Remove(channel);
        }
    }
}
