using System.Runtime.CompilerServices;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>The way of finished batches out of their leases, of one partition.</summary>
internal sealed class SettleLane(RedisSession session, PartitionKeys keys, string sender, WakeSignal wake) : Lane<PendingSettle, FenceOutcome>
{
    private const int KeysOfAll = 3;
    private const int KeysOfEach = 3;
    private const int ArgumentsOfAll = 3;
    private const int ArgumentsOfEach = 6;
    private const int AnswersOfEach = 2;
    private const int Repeated = 2;
    private const int Failed = -1;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask RunAsync(List<PendingSettle> group)
    {
        var reply = await CallAsync(group).ConfigureAwait(false);
        if (reply.Items[0].AsInteger() == 1) wake.Set();
        for (var i = 0; i < group.Count; i++)
        {
            var answer = reply.Items.Slice(1 + (i * AnswersOfEach), AnswersOfEach);
            if (answer[0].AsInteger() == Failed) group[i].TryFail(RedisFault.Explain(new RedisException(RedisErrorKind.Server, $"Redis could not end a lease: {answer[1].AsText()}")));
            else group[i].TryComplete(answer[0].AsInteger() == 0 ? FenceOutcome.FenceLost : FenceOutcome.Held);
        }
    }

    private ValueTask<RespValue> CallAsync(List<PendingSettle> group)
    {
        var names = Keys(KeysOfAll + (KeysOfEach * group.Count));
        var arguments = Arguments(ArgumentsOfAll + (ArgumentsOfEach * group.Count));
        (names[0], names[1], names[2]) = (keys.Due, keys.State(BatchState.Leased), keys.Ended);
        (arguments[0], arguments[1], arguments[Repeated]) = (session.Now, sender, 0);
        for (var i = 0; i < group.Count; i++)
        {
            var (conversation, id, fence) = group[i].Lease;
            var name = names.Slice(KeysOfAll + (KeysOfEach * i), KeysOfEach);
            (name[0], name[1], name[2]) = (keys.Conversation(conversation), keys.Batches(conversation), keys.State(group[i].State));
            var argument = arguments.Slice(ArgumentsOfAll + (ArgumentsOfEach * i), ArgumentsOfEach);
            (argument[0], argument[1], argument[2], argument[3]) = (conversation.Value, id.Value, fence, group[i].State.Name());
            (argument[4], argument[5]) = (RedisSession.Microseconds(group[i].Delay), group[i].Error);
        }

        // Nobody ends it: each of them may end its own wait.
        return session.RunAsync(session.Scripts.Settle, names, arguments, Repeated, CancellationToken.None);
    }
}

/// <summary>A lease that is to end: by complete, retry, release or bury.</summary>
/// <param name="lease">The lease.</param>
/// <param name="state">What becomes of its batch.</param>
/// <param name="delay">Until it is due again, if it is.</param>
/// <param name="error">Why, if it failed.</param>
/// <param name="cancellationToken">Ends the wait; what is sent already may still be carried out.</param>
internal sealed class PendingSettle(Lease lease, BatchState state, TimeSpan delay, string error, CancellationToken cancellationToken) : Pending<FenceOutcome>(cancellationToken)
{
    public Lease Lease => lease;

    public BatchState State => state;

    public TimeSpan Delay => delay;

    public string Error => error;
}
