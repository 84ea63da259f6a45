using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Photos;

namespace Rafaga.Backend.Store;

/// <summary>Has the schema and the folder of photos ready before any other part of the process starts.</summary>
internal sealed partial class StoreStartup(Migrator migrator, StoreAddress address, PhotoFolder photos, TimeProvider time, ILogger<StoreStartup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var applied = await migrator.ApplyAsync(cancellationToken);
        photos.Create(time.GetUtcNow());
        if (applied > 0) LogMigrated(applied, Migrator.Known(address.Dialect)[^1].Name);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} schema scripts applied, the newest is {Newest}")]
    private partial void LogMigrated(int count, string newest);
}
