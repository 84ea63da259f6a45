using Rafaga.Batching;

namespace Rafaga.Dashboard.Pages;

/// <summary>One bubble: a message, or the messages of an album; and what the turn that it answers was, if it ends one.</summary>
/// <param name="Messages">One, or the members of an album.</param>
/// <param name="Turn">The batch that this bubble is the reply of.</param>
public sealed record ChatItem(IReadOnlyList<ChatMessage> Messages, BatchInfo? Turn)
{
    /// <summary>The first message.</summary>
    public ChatMessage First => Messages[0];

    /// <summary>Text or caption of the bubble.</summary>
    public string? Text => Messages.Select(m => m.Text ?? m.Caption).FirstOrDefault(t => !string.IsNullOrEmpty(t));

    /// <summary>Puts albums together and finds the reply of each turn.</summary>
    /// <param name="messages">Oldest first.</param>
    /// <param name="ended">Batches of the same chat that have ended, in any order.</param>
    public static IReadOnlyList<ChatItem> From(IReadOnlyList<ChatMessage> messages, IReadOnlyList<BatchInfo> ended)
    {
        var turns = Turns(messages, ended);
        List<List<ChatMessage>> bubbles = [];
        foreach (var message in messages)
        {
            if (message.MediaGroupId is not null && bubbles is [.., var last] && last[0].MediaGroupId == message.MediaGroupId) last.Add(message);
            else bubbles.Add([message]);
        }

        return [.. bubbles.Select(b => new ChatItem(b, turns.GetValueOrDefault(b[^1].MessageId)))];
    }

    // A reply is sent between the seal of its batch and its end. Chats count in whole seconds, so from the newest batch on, each takes the last message that is left.
    private static Dictionary<long, BatchInfo> Turns(IReadOnlyList<ChatMessage> messages, IReadOnlyList<BatchInfo> ended)
    {
        Dictionary<long, BatchInfo> turns = [];
        var replies = messages.Where(m => m.IsBot).Reverse().ToList();
        foreach (var batch in ended.Where(b => b is { SealedAt: not null, EndedAt: not null }).OrderByDescending(b => b.EndedAt))
        {
            var reply = replies.Find(m => m.Date <= batch.EndedAt && m.Date >= batch.SealedAt!.Value.AddSeconds(-1));
            if (reply is null) continue;
            replies.RemoveRange(0, replies.IndexOf(reply) + 1);
            turns[reply.MessageId] = batch;
        }

        return turns;
    }
}
