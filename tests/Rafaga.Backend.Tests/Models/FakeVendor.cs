using Rafaga.Backend.Models;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.FakeModels;
using Rafaga.FakeModels.Brains;

namespace Rafaga.Backend.Tests.Models;

/// <summary>The backend as it runs with a vendor's model: the real client libraries, over HTTP, against the fake of the vendor's server.</summary>
internal sealed class FakeVendor : IAsyncDisposable
{
    public const string Claude = "anthropic";
    public const string Local = "openai";

    private FakeVendor(FakeModelServer server, BackendHost host) => (Server, Host) = (server, host);

    public FakeModelServer Server { get; }

    public BackendHost Host { get; }

    /// <param name="vendor">Whose interface.</param>
    /// <param name="database">Where it is kept.</param>
    /// <param name="settings">Of the backend.</param>
    /// <param name="effort">Of the agent.</param>
    /// <param name="small">Whether there is a small model, for photos and summaries, too.</param>
    public static async Task<FakeVendor> StartAsync(
        string vendor = Claude, DatabaseKind database = DatabaseKind.Sqlite, BackendHost.Settings? settings = null, string? effort = null, bool small = false)
    {
        var server = await FakeModelServer.StartAsync(CarefulBrain.Answer, TimeProvider.System);
        var host = await BackendHost.StartAsync(database, (settings ?? new BackendHost.Settings()) with { Models = _ => Models(server, vendor, effort, small) });
        return new FakeVendor(server, host);
    }

    /// <summary>On the system's clock: what goes over the wire takes its time.</summary>
    private static ModelSet Models(FakeModelServer server, string vendor, string? effort, bool small)
    {
        var claude = vendor == Claude;
        return ModelSet.Create(Options(claude ? "claude-sonnet-5-5" : "llama", effort), small ? Options(claude ? "claude-haiku-5-5" : "llama", null) : new ModelOptions(), TimeProvider.System);

        ModelOptions Options(string model, string? effort) => new()
        {
            Provider = claude ? ModelProvider.Anthropic : ModelProvider.OpenAi,
            Model = model,
            BaseUrl = server.Url,
            ApiKey = "test-key",
            Effort = effort,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Server.DisposeAsync();
    }
}
