using System.Globalization;
using Rafaga.Batching;
using Rafaga.Batching.Sqlite;
using Rafaga.Testing;

namespace Rafaga.Bench.Ours;

/// <summary>The embedded store, each commit on disk: many appends at once share commits; one after the other, each pays for its own.</summary>
internal static class SqliteAppends
{
    private const int Tasks = 64;

    public static async Task RunAsync(Size size, Figures figures)
    {
        using var folder = new TemporaryFolder();
        await using var store = SqliteBatchStore.Open(folder.File("queue.db"), new BatchingOptions(), TimeProvider.System);
        await RateAsync(Tasks, size.Commits, "w");
        figures.Add(Figure.SqliteAlone, await RateAsync(1, size.Commits, "a"));
        figures.Add(Figure.SqliteTogether, await RateAsync(Tasks, size.Messages / 2, "t"));

        Task<double> RateAsync(int tasks, int count, string prefix) => Load.RateAsync(tasks, count, async number => await store.AppendAsync(
            Rig.Conversation(number % size.Conversations), new Message(string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}"), Rig.Body)));
    }
}
