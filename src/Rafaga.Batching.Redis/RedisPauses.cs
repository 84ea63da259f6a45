using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>Conversations are held back one by one by a script, and all of them partition by partition.</summary>
internal sealed class RedisPauses(RedisSession session, string sender, WakeSignal wake)
{
    private const string Field = "paused";

    private readonly RedisKeys _keys = session.Keys;

    public async ValueTask<bool> PauseAsync(ConversationId? conversation, CancellationToken cancellationToken)
    {
        if (conversation is not { } one) return await PauseAllAsync(cancellationToken).ConfigureAwait(false);
        var keys = _keys.Of(one);
        return (await session.RunAsync(session.Scripts.Pause, [keys.Due, keys.Paused], [one.Value], cancellationToken).ConfigureAwait(false)).AsInteger() == 1;
    }

    public async ValueTask<bool> ResumeAsync(ConversationId? conversation, CancellationToken cancellationToken)
    {
        if (conversation is not { } one) return await ResumeAllAsync(cancellationToken).ConfigureAwait(false);
        var keys = _keys.Of(one);
        var reply = await session.RunAsync(
            session.Scripts.Resume, [keys.Due, keys.Conversation(one), keys.Batches(one), keys.Paused], [one.Value, sender], cancellationToken).ConfigureAwait(false);
        if (reply.AsInteger() == 2) wake.Set();
        return reply.AsInteger() != 0;
    }

    public async ValueTask<bool> AllPausedAsync(CancellationToken cancellationToken) =>
        (await session.SendAsync(RespCommand.OnKey("HEXISTS", _keys.Meta, Field), cancellationToken).ConfigureAwait(false)).AsInteger() == 1;

    private async ValueTask<bool> PauseAllAsync(CancellationToken cancellationToken)
    {
        // Said first and taken back last: whoever looks never takes a pause that is half done for none.
        var changed = await session.MarkAsync(Field, 1, onlyWhenNew: true, cancellationToken).ConfigureAwait(false);
        await HoldAsync(true, cancellationToken).ConfigureAwait(false);
        // Somebody has let all go meanwhile.
        if (!await AllPausedAsync(cancellationToken).ConfigureAwait(false)) await HoldAsync(false, cancellationToken).ConfigureAwait(false);
        return changed;
    }

    private async ValueTask<bool> ResumeAllAsync(CancellationToken cancellationToken)
    {
        await HoldAsync(false, cancellationToken).ConfigureAwait(false);
        return (await session.SendAsync(RespCommand.OnKey("HDEL", _keys.Meta, Field), cancellationToken).ConfigureAwait(false)).AsInteger() == 1;
    }

    private async ValueTask HoldAsync(bool held, CancellationToken cancellationToken)
    {
        var replies = await Task.WhenAll(_keys.Partitions.Select(keys =>
            session.RunAsync(session.Scripts.HoldAll, [keys.Due], [held ? 1 : 0, sender], cancellationToken).AsTask())).ConfigureAwait(false);
        if (Array.Exists(replies, reply => reply.AsInteger() == 1)) wake.Set();
    }
}
