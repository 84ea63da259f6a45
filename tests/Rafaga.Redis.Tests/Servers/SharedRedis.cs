using Rafaga.Redis.Tests.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedRedis))]

namespace Rafaga.Redis.Tests.Servers;

/// <summary>One server for all tests that leave it as it was; each uses keys and channels of its own.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    private RedisServer? _server;

    public RedisServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
