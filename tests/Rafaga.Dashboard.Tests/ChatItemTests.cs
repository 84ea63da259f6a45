using Rafaga.Batching;
using Rafaga.Dashboard.Pages;
using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed class ChatItemTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_reply_gets_its_own_turn()
    {
        var items = ChatItem.From(
            [Said(1, 0), Replied(2, 13), Said(3, 60), Replied(4, 74)],
            [Ended("a", sealedAt: 12.5, endedAt: 13.9), Ended("b", sealedAt: 72.5, endedAt: 74.2)]);

        Assert.Equal([null, "a", null, "b"], items.Select(i => i.Turn?.Id.Value));
    }

    [Fact]
    public void Two_replies_within_one_second_are_not_mixed_up()
    {
        var items = ChatItem.From(
            [Said(1, 10), Replied(2, 10), Said(3, 10), Replied(4, 10)],
            [Ended("a", sealedAt: 10.1, endedAt: 10.3), Ended("b", sealedAt: 10.5, endedAt: 10.8)]);

        Assert.Equal([null, "a", null, "b"], items.Select(i => i.Turn?.Id.Value));
    }

    [Fact]
    public void A_reply_in_several_parts_carries_its_turn_on_the_last()
    {
        var items = ChatItem.From([Said(1, 0), Replied(2, 13), Replied(3, 13)], [Ended("a", sealedAt: 12.5, endedAt: 14)]);

        Assert.Equal([null, null, "a"], items.Select(i => i.Turn?.Id.Value));
    }

    [Fact]
    public void What_the_bot_says_outside_of_any_batch_carries_none()
    {
        var items = ChatItem.From([Said(1, 0), Replied(2, 1), Said(3, 5)], [Ended("a", sealedAt: 17.5, endedAt: 18)]);

        Assert.All(items, item => Assert.Null(item.Turn));
    }

    [Fact]
    public void Two_albums_in_a_row_are_two_bubbles()
    {
        ChatMessage Photo(long id, string group) => Said(id, 0) with { MediaGroupId = group };

        var items = ChatItem.From([Photo(1, "x"), Photo(2, "x"), Photo(3, "y"), Said(4, 0)], []);

        Assert.Equal([2, 1, 1], items.Select(i => i.Messages.Count));
    }

    // Chats count in whole seconds.
    private static ChatMessage Said(long id, int seconds) => new(id, Start.AddSeconds(seconds), IsBot: false);

    private static ChatMessage Replied(long id, int seconds) => new(id, Start.AddSeconds(seconds), IsBot: true);

    private static BatchInfo Ended(string id, double sealedAt, double endedAt) => new()
    {
        Id = new BatchId(id),
        Conversation = new ConversationId("c"),
        State = BatchState.Done,
        CloseReason = CloseReason.Quiet,
        OpenedAt = Start,
        SealedAt = Start.AddSeconds(sealedAt),
        EndedAt = Start.AddSeconds(endedAt),
    };
}
