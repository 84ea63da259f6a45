using Microsoft.EntityFrameworkCore;

namespace Rafaga.Backend.Store;

/// <summary>Runs work in one transaction, and again from its beginning when another transaction was in the way.</summary>
internal sealed class Transactions(IDbContextFactory<MemoryDb> databases)
{
    private const int MaxTries = 5;

    /// <inheritdoc cref="Dialect.CleanAsync"/>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.CleanAsync(cancellationToken);
    }

    /// <param name="conversation">No other transaction of this conversation runs beside it.</param>
    /// <param name="work">Reads and saves; what it has not saved is not kept.</param>
    /// <param name="cancellationToken">Ends the work; nothing is kept then.</param>
    public async Task<T> RunAsync<T>(string conversation, Func<MemoryDb, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                await using var transaction = await db.BeginAsync(conversation, cancellationToken);
                var result = await work(db);
                await transaction.CommitAsync(cancellationToken);
                return result;
            }
            catch (Exception e) when (attempt < MaxTries && Dialect.IsRepeatable(e))
            {
                // The other one has ended by now: what it made is there, so the work finds it.
            }
        }
    }
}
