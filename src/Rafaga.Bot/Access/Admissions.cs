using Rafaga.Batching;
using Rafaga.Bot.Commands;

namespace Rafaga.Bot.Access;

/// <summary>Who has shown the code. The backend keeps it; what it said of those who are in is remembered for a while.</summary>
internal sealed class Admissions(BackendCommands backend, TimeProvider time)
{
    private const int Many = 10_000;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, DateTimeOffset> _known = [];

    /// <summary>Whether a person is in. Of those who are not nothing is remembered, so that a code that another process took counts at once.</summary>
    /// <exception cref="AccessUnknownException">The backend cannot be asked, and nothing is known.</exception>
    public async Task<bool> HoldAsync(long person, ConversationId conversation, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? since;
        lock (_gate) since = _known.TryGetValue(person, out var at) ? at : null;
        if (now - since < Memory) return true;

        var answer = await backend.AdmittedAsync(conversation, cancellationToken);
        // Whoever was in a while ago is not kept waiting for a backend that is away.
        if (answer is null) return since is not null ? true : throw new AccessUnknownException();
        lock (_gate)
        {
            if (_known.Count >= Many) _known.Clear();
            if (answer.Value) _known[person] = now;
            else _known.Remove(person);
        }

        return answer.Value;
    }
}

/// <summary>It cannot be told whether a person may use the bot. Their update is left with Telegram.</summary>
internal sealed class AccessUnknownException() : Exception("The backend, which keeps who was let in, does not answer.");
