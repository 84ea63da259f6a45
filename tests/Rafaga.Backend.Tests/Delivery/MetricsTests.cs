using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public sealed class MetricsTests
{
    [Fact]
    public async Task A_batch_counts_its_turn_tool_calls_tokens_and_cost()
    {
        var measured = new ConcurrentQueue<(string Name, double Value)>();
        await using var host = await BackendHost.StartAsync();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (host.Owns(instrument.Meter)) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.Enqueue((instrument.Name, value)));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured.Enqueue((instrument.Name, value)));
        listener.Start();

        await host.ReplyAsync(Chat.Ana().Text("uno").Text("dos").Photo("photo1").Photo("photo2").Photo("photo3").Seal());

        Assert.Equal(3, measured.Where(m => m.Name == "rafaga.tool.calls").Sum(m => m.Value));
        Assert.Equal(3, measured.Count(m => m.Name == "gen_ai.execute_tool.duration"));
        Assert.Single(measured, m => m.Name == "gen_ai.invoke_agent.duration");
        // Two answers of 100 tokens read and 10 written, at one dollar and five for a million.
        Assert.Equal(2, measured.Count(m => m.Name == "gen_ai.client.operation.duration"));
        Assert.Equal(220, measured.Where(m => m.Name == "gen_ai.client.token.usage").Sum(m => m.Value));
        Assert.Equal(0.0003, measured.Where(m => m.Name == "rafaga.llm.cost").Sum(m => m.Value), 9);
    }
}
