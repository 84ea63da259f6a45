using Xunit;

namespace Rafaga.Batching.Tests;

public sealed class BatchNamesTests
{
    [Fact]
    public void Every_state_and_reason_is_read_back_from_its_name()
    {
        foreach (var state in Enum.GetValues<BatchState>())
        {
            Assert.True(BatchNames.TryParse(state.Name(), out BatchState read));
            Assert.Equal(state, read);
        }

        foreach (var reason in Enum.GetValues<CloseReason>())
        {
            Assert.True(BatchNames.TryParse(reason.Name(), out CloseReason read));
            Assert.Equal(reason, read);
        }

        Assert.False(BatchNames.TryParse("no such state", out BatchState _));
        Assert.False(BatchNames.TryParse(null, out CloseReason _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a{b")]
    [InlineData("a}b")]
    [InlineData("a\nb")]
    public void A_conversation_key_with_a_character_that_means_something_elsewhere_is_refused(string key) =>
        Assert.ThrowsAny<ArgumentException>(() => new ConversationId(key));

    [Fact]
    public void A_conversation_key_has_at_most_200_characters()
    {
        Assert.Equal(200, new ConversationId(new string('a', 200)).Value.Length);
        Assert.Throws<ArgumentException>(() => new ConversationId(new string('a', 201)));
    }
}
