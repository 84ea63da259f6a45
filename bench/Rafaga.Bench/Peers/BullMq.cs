using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Rafaga.Bench.Peers;

/// <summary>BullMQ on the same server: a Node process that measures when it is told to, and rests in between.</summary>
internal sealed class BullMq : IAsyncDisposable
{
    private readonly Process _process;

    private BullMq(string folder, Process process)
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "package.json")));
        (Version, _process) = (package.RootElement.GetProperty("dependencies").GetProperty("bullmq").GetString()!, process);
    }

    public string Version { get; }

    /// <param name="rig">Whose server it uses.</param>
    /// <param name="bench">The folder that has <c>bullmq/</c>.</param>
    public static BullMq Start(Rig rig, string bench)
    {
        var folder = Path.Combine(bench, "bullmq");
        return new BullMq(folder, Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "bench.mjs"), rig.Server.Port.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);
    }

    public async Task RunAsync(Rig rig, Size size, Figures figures)
    {
        figures.Add(Figure.BullAdd, await RateAsync("add"));
        await rig.EmptyAsync();
        figures.Add(Figure.BullDebounce, await RateAsync("debounce"));
        await rig.EmptyAsync();
        figures.Add(Figure.BullDrain, await RateAsync("drain"));

        async Task<double> RateAsync(string measure) =>
            (await AskAsync($$"""{"measure":"{{measure}}","jobs":{{size.Jobs}},"tasks":{{Rig.Tasks}},"conversations":{{size.Conversations}}}""")).GetProperty("rate").GetDouble();
    }

    public async Task RunLatenessAsync(Size size, Figures figures)
    {
        var late = await AskAsync($$"""{"measure":"lateness","jobs":{{size.LateBatches}},"seconds":{{size.LateSeconds}},"head_start":1}""");
        figures.Add(Figure.BullLateP50, late.GetProperty("p50").GetDouble());
        figures.Add(Figure.BullLateP99, late.GetProperty("p99").GetDouble());
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonElement> AskAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"BullMQ ended at {order}");
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }
}
