using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rafaga.Bench.Ours;

namespace Rafaga.Bench.Peers;

/// <summary>MassTransit's <see cref="Batch{T}"/> over its in-memory transport, grouped by conversation: what a restart loses, so it stands beside our in-memory store.</summary>
internal static class MassTransitBatch
{
    public static async Task RunAsync(Size size, Figures figures)
    {
        var (time, limit) = (TimeProvider.System, TimeSpan.FromSeconds(size.LateSeconds + 1));
        ConcurrentDictionary<int, long> published = [], started = [];
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = await StartAsync(limit, size.LateBatches, batch =>
        {
            started[batch[0].Message.Conversation] = time.GetTimestamp();
            if (started.Count == size.LateBatches) all.TrySetResult();
        });
        var bus = host.Services.GetRequiredService<IBus>();
        var startedAt = time.GetTimestamp();
        for (var number = 0; number < size.LateBatches; number++)
        {
            var wait = (TimeSpan.FromSeconds(size.LateSeconds) * number / size.LateBatches) - time.GetElapsedTime(startedAt);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time);
            published[number] = time.GetTimestamp();
            await bus.Publish(new Said(number, Lateness.Text));
        }

        await all.Task.WaitAsync(TimeSpan.FromMinutes(1), time);
        await host.StopAsync();
        List<double> late = [.. started.Select(batch => (time.GetElapsedTime(published[batch.Key], batch.Value) - limit).TotalMilliseconds).Order()];
        figures.Add(Figure.MassTransitLateP50, Figures.At(late, 0.5));
        figures.Add(Figure.MassTransitLateP99, Figures.At(late, 0.99));
    }

    private static async Task<IHost> StartAsync(TimeSpan limit, int atOnce, Action<Batch<Said>> onBatch)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(onBatch);
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddConsumer<BatchConsumer>(consumer => consumer.Options<BatchOptions>(options => options
                .SetMessageLimit(20).SetConcurrencyLimit(atOnce).SetTimeLimit(limit).SetTimeLimitStart(BatchTimeLimitStart.FromLast).GroupBy<Said, int>(said => said.Message.Conversation)));
            bus.UsingInMemory((context, transport) =>
            {
                transport.PrefetchCount = atOnce;
                transport.ConfigureEndpoints(context);
            });
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    internal sealed record Said(int Conversation, string Text);

    internal sealed class BatchConsumer(Action<Batch<Said>> onBatch) : IConsumer<Batch<Said>>
    {
        public Task Consume(ConsumeContext<Batch<Said>> context)
        {
            onBatch(context.Message);
            return Task.CompletedTask;
        }
    }
}
