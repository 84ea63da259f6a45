using System.Text;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Roles.Tests;

public sealed class ReplyButtonTests
{
    private const string Batch = "01a20750196c76d9bfdcf0f07a784bdb";

    public static TheoryData<ReplyButton, string> Forms => new()
    {
        { new ReplyButton.Feedback(Batch, Good: true), $"f:u:{Batch}" },
        { new ReplyButton.Feedback(Batch, Good: false), $"f:d:{Batch}" },
        { new ReplyButton.Choice(Batch, 9), $"c:9:{Batch}" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_button_is_read_as_it_was_written_and_fits(ReplyButton button, string data)
    {
        Assert.Equal(data, button.ToString());
        Assert.Equal(button, ReplyButton.Read(data));
        Assert.InRange(Encoding.UTF8.GetByteCount(data), 1, 64);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("f:x:1")]
    [InlineData("f:u:")]
    [InlineData("f:u")]
    [InlineData("c:-1:1")]
    [InlineData("c:x:1")]
    [InlineData("c:99999999999:1")]
    [InlineData("c:1:1:1")]
    public void What_is_no_button_of_ours_is_none(string? data) => Assert.Null(ReplyButton.Read(data));
}
