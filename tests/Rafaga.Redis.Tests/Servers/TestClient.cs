using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Redis.Tests.Servers;

/// <summary>Clients and connections as tests want them.</summary>
internal static class TestClient
{
    public static RedisUrl Url(string text) => RedisUrl.TryParse(text, out var url, out var problem) ? url : throw new ArgumentException(problem);

    public static RespContext Context(string url, Func<RespClientOptions, RespClientOptions>? change = null, ILogger? logger = null)
    {
        var options = new RespClientOptions(Url(url)) { CommandTimeout = TimeSpan.FromSeconds(20), ConnectTimeout = TimeSpan.FromSeconds(20) };
        return new RespContext(change?.Invoke(options) ?? options, TimeProvider.System, new Random(1), logger ?? NullLogger.Instance);
    }

    public static RespClient For(string url, Func<RespClientOptions, RespClientOptions>? change = null, ILogger? logger = null) => new(Context(url, change, logger));

    public static async Task<RespConnection> ConnectAsync(string url, Func<RespClientOptions, RespClientOptions>? change = null, Action<RespValue>? onPush = null)
    {
        var context = Context(url, change);
        var server = context.Options.Url.Servers[0];
        var transport = await RespTransport.OpenAsync(server, context.Options, CancellationToken.None);
        var connection = new RespConnection(server, transport, context.Options, context.Time, onPush);
        await new RespGreeting(connection, context.Options).GreetAsync(CancellationToken.None);
        return connection;
    }
}
