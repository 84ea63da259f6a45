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

    public static async Task<FakeVendor> StartAsync(string vendor = Claude, DatabaseKind database = DatabaseKind.Sqlite, BackendHost.Settings? settings = null, string? effort = null)
    {
        var server = await FakeModelServer.StartAsync(CarefulBrain.Answer, TimeProvider.System);
        var host = await BackendHost.StartAsync(database, (settings ?? new BackendHost.Settings()) with { Models = _ => Models(server, vendor, effort) });
        return new FakeVendor(server, host);
    }

    /// <summary>On the system's clock: what goes over the wire takes its time.</summary>
    private static ModelSet Models(FakeModelServer server, string vendor, string? effort)
    {
        var claude = vendor == Claude;
        return ModelSet.Create(Options(claude ? "claude-sonnet-5-5" : "llama", effort), Options(claude ? "claude-haiku-5-5" : "llama", null), TimeProvider.System);

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
