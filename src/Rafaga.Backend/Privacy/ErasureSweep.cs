using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Privacy;

/// <summary>
/// After the rows of a person, clears away the files and the freed pages that are left of them. That may take longer than anybody waits for an answer;
/// the database remembers what is still to be done, so that a process that dies leaves it to the next start.
/// </summary>
internal sealed partial class ErasureSweep(IDbContextFactory<MemoryDb> databases, Transactions transactions, PhotoArchive archive, TimeProvider time, ILogger<ErasureSweep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _wanted = new(0);

    /// <summary>There is something to clear away.</summary>
    public void Want() => _wanted.Release();

    public override void Dispose()
    {
        base.Dispose();
        _wanted.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
                await _wanted.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e.GetType().Name, e);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var erasures = await db.Erasures.AsNoTracking().Where(e => !e.Swept).ToListAsync(cancellationToken);
        if (erasures.Count == 0) return;
        // Files that nothing refers to any more, also those of turns that never ended.
        var files = await archive.SweepAsync(cancellationToken);
        await transactions.CleanAsync(cancellationToken);
        foreach (var (person, at) in erasures.Select(e => (e.PersonHash, e.At)))
            await db.Erasures.Where(e => e.PersonHash == person && e.At == at).ExecuteUpdateAsync(set => set.SetProperty(e => e.Swept, true), cancellationToken);
        LogSwept(erasures.Count, files);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[COMMAND] swept after {Erasures} erasures: {Files} files")]
    private partial void LogSwept(int erasures, int files);

    [LoggerMessage(Level = LogLevel.Error, Message = "[COMMAND] what is left of an erased person could not be swept ({Kind}); trying again in a minute")]
    private partial void LogFailed(string kind, Exception exception);
}
