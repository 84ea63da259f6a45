using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rafaga.Batching.Redis;

// Where the builder is, so that one using is enough.
namespace Rafaga.Batching;

/// <summary>Chooses the Redis store.</summary>
public static class RedisBatchingBuilderExtensions
{
    /// <summary>Keeps windows and batches in Redis, Valkey or a cluster of them. The server is checked when the host starts.</summary>
    /// <typeparam name="T">Body of a message.</typeparam>
    /// <param name="builder">From <see cref="BatchingServiceCollectionExtensions.AddBatching{T}"/>.</param>
    /// <param name="url"><c>redis://[[user]:password@]host[:port][,host[:port]…][/database]</c>, or <c>rediss://</c> for TLS; several hosts are nodes of one cluster.</param>
    public static BatchingBuilder<T> UseRedis<T>(this BatchingBuilder<T> builder, string url)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHostedService<RedisStart>();
        return builder.UseStore(provider => new RedisBatchStore(
            url, provider.GetRequiredService<IOptions<BatchingOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisBatchStore>>()));
    }

    /// <summary>Fails the start of a host whose Redis is not fit to keep messages.</summary>
    private sealed class RedisStart(IBatchStore store) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => store is RedisBatchStore redis ? redis.OpenAsync(cancellationToken) : Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
