using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rafaga.Batching;

namespace Rafaga.Bench.Ours;

/// <summary>A worker as an application has it.</summary>
internal static class WorkerHost
{
    public static async Task<IHost> StartAsync(Func<BatchingBuilder<string>, BatchingBuilder<string>> useStore, Action<BatchingOptions> configure, Func<Batch<string>, CancellationToken, Task> handle)
    {
        var services = Host.CreateEmptyApplicationBuilder(null);
        services.Services.AddSingleton(handle);
        useStore(services.Services.AddBatching<string>(configure)).WithHandler<Handler>();
        var host = services.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class Handler(Func<Batch<string>, CancellationToken, Task> handle) : IBatchHandler<string>
    {
        public Task HandleAsync(Batch<string> batch, BatchContext context, CancellationToken cancellationToken) => handle(batch, cancellationToken);
    }
}
