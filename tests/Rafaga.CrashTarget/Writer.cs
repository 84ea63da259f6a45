using Rafaga.Batching;

namespace Rafaga.CrashTarget;

/// <summary>Appends to all conversations at once, each in order; what may not have been taken is appended again under the same id.</summary>
internal sealed class Writer(IBatcher<string> batcher, TimeProvider time, Random random, string prefix)
{
    private const int ShortestPauseMilliseconds = 5;
    private const int LongestPauseMilliseconds = 120;

    private static readonly TimeSpan BeforeTheNextTry = TimeSpan.FromMilliseconds(20);

    public Task WriteAsync(IReadOnlyList<int> first, CancellationToken stopping) =>
        Task.WhenAll(first.Select((number, conversation) => WriteAsync(Target.Conversation(conversation), number, stopping)));

    private async Task WriteAsync(ConversationId conversation, int number, CancellationToken stopping)
    {
        // Started is finished, so that in the end no outcome is unknown.
        for (; !stopping.IsCancellationRequested; number++)
        {
            Target.Say($"try {conversation} {prefix} {number}");
            while (!await AppendAsync(conversation, number)) await Task.Delay(BeforeTheNextTry, time, CancellationToken.None);
            Target.Say($"ack {conversation} {prefix} {number}");
            await Task.Delay(Pause(), time, CancellationToken.None);
        }
    }

    private async Task<bool> AppendAsync(ConversationId conversation, int number)
    {
        try
        {
            await batcher.AppendAsync(conversation, new Message<string>($"{prefix}{number}", "hola") { Photos = number % 5 == 0 ? 1 : 0 }, CancellationToken.None);
            return true;
        }
        catch (BatchStoreException e)
        {
            Target.Say($"refused {conversation} {prefix} {number} {e.Message}");
            return false;
        }
    }

    private TimeSpan Pause()
    {
        lock (random) return TimeSpan.FromMilliseconds(random.Next(ShortestPauseMilliseconds, LongestPauseMilliseconds));
    }
}
