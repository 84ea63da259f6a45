using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Redis.Tests.Servers;

/// <summary>A client that a test lets fail: what it is asked goes to a real one, unless the test has something else in mind.</summary>
internal sealed class FaultyClient(IRespClient inner) : IRespClient
{
    public event Action? Connected
    {
        add => inner.Connected += value;
        remove => inner.Connected -= value;
    }

    public bool IsCluster => inner.IsCluster;

    /// <summary>Called before each script and each command of a single key; what it throws is what the caller gets.</summary>
    public Action<RedisScript?, RespCommand> Before { get; set; } = (_, _) => { };

    /// <summary>Called before each question to all servers.</summary>
    public Action<RespCommand> BeforeEach { get; set; } = _ => { };

    public async ValueTask<RespValue> SendAsync(RespCommand command, CancellationToken cancellationToken = default)
    {
        Before(null, command);
        return await inner.SendAsync(command, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<(RespEndpoint Server, RespValue Reply)>> SendToEachAsync(RespCommand command, CancellationToken cancellationToken = default)
    {
        BeforeEach(command);
        return await inner.SendToEachAsync(command, cancellationToken);
    }

    public ValueTask<RespValue> SendToAsync(RespEndpoint server, RespCommand command, CancellationToken cancellationToken = default) => inner.SendToAsync(server, command, cancellationToken);

    public ValueTask<RespValue> EvalAsync(RedisScript script, ReadOnlySpan<RespArgument> keys, ReadOnlySpan<RespArgument> arguments, CancellationToken cancellationToken = default) =>
        EvalAsync(script, RespCommand.Eval(script, keys, arguments), cancellationToken);

    public async ValueTask<RespValue> EvalAsync(RedisScript script, RespCommand call, CancellationToken cancellationToken = default)
    {
        Before(script, call);
        return await inner.EvalAsync(script, call, cancellationToken);
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> onMessage, Action onResumed, CancellationToken cancellationToken = default) =>
        inner.SubscribeAsync(channel, onMessage, onResumed, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
