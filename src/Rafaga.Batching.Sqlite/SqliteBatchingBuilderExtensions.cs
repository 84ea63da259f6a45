using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rafaga.Batching.Sqlite;

// Where the builder is, so that one using is enough.
namespace Rafaga.Batching;

/// <summary>Chooses the SQLite store.</summary>
public static class SqliteBatchingBuilderExtensions
{
    /// <summary>Keeps windows and batches in one SQLite file; it and its folder are made if they are missing.</summary>
    /// <typeparam name="T">Body of a message.</typeparam>
    /// <param name="builder">From <see cref="BatchingServiceCollectionExtensions.AddBatching{T}"/>.</param>
    /// <param name="path">The file; a relative path starts at the current folder.</param>
    public static BatchingBuilder<T> UseSqlite<T>(this BatchingBuilder<T> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(provider => SqliteBatchStore.Open(
            path, provider.GetRequiredService<IOptions<BatchingOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
    }
}
