using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend;

/// <summary>Whether the backend's database answers.</summary>
public sealed class BackendHealth
{
    private readonly IDbContextFactory<MemoryDb> _databases;

    internal BackendHealth(IDbContextFactory<MemoryDb> databases) => _databases = databases;

    /// <summary>What is wrong; null when nothing is.</summary>
    public async Task<string?> TroubleAsync(CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.CanConnectAsync(cancellationToken) ? null : "the database does not answer";
    }
}
