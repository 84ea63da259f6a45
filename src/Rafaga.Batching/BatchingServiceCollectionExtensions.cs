using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Rafaga.Batching.Stores;
using Rafaga.Batching.Worker;

namespace Rafaga.Batching;

/// <summary>Registers the batcher: <c>services.AddBatching&lt;T&gt;().UseSqlite(path).WithHandler&lt;H&gt;()</c>.</summary>
public static class BatchingServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IBatcher{T}"/>. Choose a store and, where batches are to be processed, a handler. A host has one store, and so one <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">Body of a message.</typeparam>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">Changes the defaults; the result is validated when the host starts.</param>
    public static BatchingBuilder<T> AddBatching<T>(this IServiceCollection services, Action<BatchingOptions>? configure = null)
    {
        var options = services.AddOptions<BatchingOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BatchingOptions>, BatchingOptionsAttributes>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BatchingOptions>, BatchingOptionsRules>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<BatchingMetrics>();
        services.TryAddSingleton(new MessageJson<T>((JsonTypeInfo<T>)JsonSerializerOptions.Web.GetTypeInfo(typeof(T))));
        services.TryAddSingleton<IBatcher<T>, Batcher<T>>();
        services.TryAddSingleton<IBatchStore>(_ => throw new InvalidOperationException(
            "No store is chosen. Add .UseSqlite(\"data/queue.db\") after AddBatching, or .UseInMemory() where a restart may lose messages."));
        services.TryAddSingleton(provider => (IBatchInspector)provider.GetRequiredService<IBatchStore>());
        return new BatchingBuilder<T>(services);
    }
}

/// <summary>What <see cref="BatchingServiceCollectionExtensions.AddBatching{T}"/> goes on with.</summary>
/// <typeparam name="T">Body of a message.</typeparam>
public sealed class BatchingBuilder<T>
{
    internal BatchingBuilder(IServiceCollection services) => Services = services;

    /// <summary>Where everything is registered.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Keeps windows and batches in memory: a restart loses them.</summary>
    public BatchingBuilder<T> UseInMemory() =>
        UseStore(provider => new InMemoryBatchStore(provider.GetRequiredService<IOptions<BatchingOptions>>().Value, provider.GetRequiredService<TimeProvider>()));

    /// <summary>Keeps windows and batches in a store of your own; it must pass as <see cref="IBatchInspector"/> too.</summary>
    /// <typeparam name="TStore">The store.</typeparam>
    public BatchingBuilder<T> UseStore<TStore>(Func<IServiceProvider, TStore> create)
        where TStore : class, IBatchStore, IBatchInspector
    {
        Services.Replace(ServiceDescriptor.Singleton<IBatchStore>(create));
        return this;
    }

    /// <summary>Serializes bodies by source-generated code. <value>The default is reflection with the web defaults.</value></summary>
    public BatchingBuilder<T> WithJson(JsonTypeInfo<T> type)
    {
        Services.Replace(ServiceDescriptor.Singleton(new MessageJson<T>(type)));
        return this;
    }

    /// <summary>Processes batches in this process with the handler, which is resolved from a scope of its own for each delivery.</summary>
    /// <typeparam name="THandler">The handler.</typeparam>
    public BatchingBuilder<T> WithHandler<THandler>()
        where THandler : class, IBatchHandler<T>
    {
        Services.TryAddScoped<IBatchHandler<T>, THandler>();
        Services.TryAddSingleton(new Random());
        Services.TryAddSingleton<Delivery<T>>();
        Services.AddHostedService<BatchWorker<T>>();
        Services.AddHostedService<Housekeeping>();
        return this;
    }
}
