using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rafaga.Testing;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The fake of the model vendors in a process of its own.</summary>
internal sealed class FakeModelsProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private FakeModelsProcess(Process process, Uri url)
    {
        (_process, Url) = (process, url);
        _http = new HttpClient { BaseAddress = url };
    }

    public Uri Url { get; }

    public static async Task<FakeModelsProcess> StartAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(Repository.Root, "artifacts", "bin", "Rafaga.FakeModels", configuration, "Rafaga.FakeModels");
        var process = Process.Start(new ProcessStartInfo(program, ["0"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return new FakeModelsProcess(process, new Uri((await process.StandardOutput.ReadLineAsync())!));
    }

    /// <summary>The bill so far.</summary>
    public async Task<JsonNode> LedgerAsync() => (await _http.GetFromJsonAsync<JsonNode>("/fake/ledger"))!;

    /// <summary>From now on nobody answers.</summary>
    public Task StopAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await StopAsync();
        _process.Dispose();
    }
}
