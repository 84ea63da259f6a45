using Microsoft.Extensions.DependencyInjection;
using Rafaga.Bot.Commands;
using Xunit;

namespace Rafaga.Roles.Tests.Bot;

/// <summary>No chat, and no answer that goes wrong, silences another.</summary>
public sealed class AnswerSenderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chat_that_is_held_up_takes_no_room_from_the_others()
    {
        await using var rig = await BotRig.StartAsync();
        var sender = rig.Host.Services.GetRequiredService<AnswerSender>();
        await rig.Host.StartAsync(Token);
        for (var i = 0; i < 5000; i++) sender.Enqueue(777, stop => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        var sent = new TaskCompletionSource();
        sender.Enqueue(888, Done(sent));
        await sent.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Contains(rig.Log.Visible, line => line.Contains("chat 777 was dropped", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Log.Visible, line => line.Contains("chat 888", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Room_comes_back_when_answers_have_been_sent()
    {
        await using var rig = await BotRig.StartAsync();
        var sender = rig.Host.Services.GetRequiredService<AnswerSender>();
        var sent = 0;
        for (var chat = 1; chat <= 64; chat++)
        {
            for (var i = 0; i < 64; i++) sender.Enqueue(chat, _ => Count(ref sent));
        }

        // Nothing is sent yet, and all is full.
        sender.Enqueue(777, _ => throw new InvalidOperationException("dropped before"));
        Assert.Contains(rig.Log.Visible, line => line.Contains("chat 777 was dropped", StringComparison.Ordinal));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => Volatile.Read(ref sent) == 64 * 64);
        var last = new TaskCompletionSource();
        await Patience.UntilAsync(() =>
        {
            sender.Enqueue(777, Done(last));
            return last.Task.IsCompleted;
        });
        Assert.DoesNotContain(rig.Log.Visible, line => line.Contains("dropped before", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_goes_wrong_is_logged_and_the_next_one_is_sent(bool outright)
    {
        await using var rig = await BotRig.StartAsync();
        var sender = rig.Host.Services.GetRequiredService<AnswerSender>();
        await rig.Host.StartAsync(Token);
        sender.Enqueue(777, _ => outright ? throw new IOException("the disk is gone") : Task.FromException(new IOException("the disk is gone")));
        var sent = new TaskCompletionSource();
        sender.Enqueue(777, Done(sent));
        await sent.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Contains(rig.Log.Visible, line => line.Contains("chat 777 was not sent", StringComparison.Ordinal) && line.Contains("the disk is gone", StringComparison.Ordinal));
    }

    private static Task Count(ref int sent)
    {
        Interlocked.Increment(ref sent);
        return Task.CompletedTask;
    }

    private static Func<CancellationToken, Task> Done(TaskCompletionSource sent) => _ =>
    {
        sent.TrySetResult();
        return Task.CompletedTask;
    };
}
