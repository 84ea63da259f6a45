using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Batching;

namespace Rafaga.Bench.Ours;

/// <summary>From the moment a window is due to the first line of its handler, in ms; windows come due at an even pace.</summary>
internal static class Lateness
{
    // A pace that every machine keeps.
    private const int BehindPerSecond = 5_000;

    /// <summary>1 KB as JSON.</summary>
    public static string Text { get; } = new('x', 1022);

    public static async Task RunAsync(Rig rig, Size size, Figures figures)
    {
        var late = await MeasureAsync(batching => batching.UseRedis(rig.Url), size);
        figures.Add(Figure.LateP50, Figures.At(late, 0.5));
        figures.Add(Figure.LateP99, Figures.At(late, 0.99));
        figures.Add(Figure.LateMax, late[^1]);
        figures.Add(Figure.LateMin, late[0]);
    }

    public static async Task RunWithWindowsBehindAsync(Rig rig, Size size, Figures figures)
    {
        var late = await MeasureAsync(batching => batching.UseRedis(rig.Url), size, size.WindowsBehind);
        figures.Add(Figure.LateBehindP50, Figures.At(late, 0.5));
        figures.Add(Figure.LateBehindP99, Figures.At(late, 0.99));
        figures.Add(Figure.LateBehindMin, late[0]);
    }

    public static async Task RunInMemoryAsync(Size size, Figures figures)
    {
        var late = await MeasureAsync(batching => batching.UseInMemory(), size);
        figures.Add(Figure.InMemoryLateP50, Figures.At(late, 0.5));
        figures.Add(Figure.InMemoryLateP99, Figures.At(late, 0.99));
    }

    private static async Task<List<double>> MeasureAsync(Func<BatchingBuilder<string>, BatchingBuilder<string>> useStore, Size size, int behind = 0)
    {
        var time = TimeProvider.System;
        ConcurrentDictionary<ConversationId, DateTimeOffset> due = [], started = [];
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = await WorkerHost.StartAsync(
            useStore,
            // All are appended, those behind too, before the first one is due.
            options => options.QuietPeriod = TimeSpan.FromSeconds(size.LateSeconds + 2 + (behind / BehindPerSecond)),
            (batch, _) =>
            {
                if (due.ContainsKey(batch.Conversation)) started[batch.Conversation] = time.GetUtcNow();
                if (started.Count == size.LateBatches) all.TrySetResult();
                return Task.CompletedTask;
            });
        var batcher = host.Services.GetRequiredService<IBatcher<string>>();
        await WarmUpAsync(batcher);
        var startedAt = time.GetTimestamp();
        for (var number = 0; number < size.LateBatches; number++)
        {
            var wait = (TimeSpan.FromSeconds(size.LateSeconds) * number / size.LateBatches) - time.GetElapsedTime(startedAt);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time);
            var conversation = new ConversationId(string.Create(CultureInfo.InvariantCulture, $"late:{number}"));
            due[conversation] = (await batcher.AppendAsync(conversation, new Message<string>("m1", Text))).DueAt!.Value;
        }

        await Task.Delay(TimeSpan.FromSeconds(1), time);
        await Load.RateAsync(Rig.Tasks, behind, async number => await batcher.AppendAsync(Rig.Conversation(number), new Message<string>("m1", "hola")));
        await all.Task.WaitAsync(TimeSpan.FromMinutes(2), time);
        await host.StopAsync();
        return [.. started.Select(batch => (batch.Value - due[batch.Key]).TotalMilliseconds).Order()];
    }

    // The first batches of a process wait for its code to be compiled.
    private static async Task WarmUpAsync(IBatcher<string> batcher)
    {
        for (var number = 0; number < 50; number++)
        {
            var conversation = new ConversationId(string.Create(CultureInfo.InvariantCulture, $"warm:{number}"));
            await batcher.AppendAsync(conversation, new Message<string>("m1", Text));
            await batcher.FlushAsync(conversation);
        }
    }
}
