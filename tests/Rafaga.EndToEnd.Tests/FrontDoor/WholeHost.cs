using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Hosting;
using Rafaga.Settings;
using Rafaga.Telegram;
using Rafaga.Testing;

namespace Rafaga.EndToEnd.Tests.FrontDoor;

/// <summary>The product as it is composed for some settings, in this process, so that a test can ask it for every endpoint that it has.</summary>
internal sealed class WholeHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;
    private readonly WebApplication _app;

    private WholeHost(IReadOnlyDictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?>(settings.ToDictionary(pair => $"Rafaga:{pair.Key}", pair => pair.Value)) { ["Rafaga:Data:Folder"] = _folder.Path };
        var read = SettingsLoader.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
        _data = DataFolder.Open(_folder.Path);
        Url = new Uri($"http://127.0.0.1:{RafagaProcess.FreePort()}/");
        var telegram = new TelegramOptions { Token = read.Telegram.BotToken ?? RafagaHost.SimulatorToken, BaseUrl = read.Telegram.BotToken is null ? Url : read.Telegram.ApiBaseUrl };
        _app = RafagaHost.Build(read, RoleRules.Of(read), _data, Url, telegram, new TelegramClient(new HttpClient(), telegram, TimeProvider.System), []);
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
    }

    public Uri Url { get; }

    public HttpClient Http { get; }

    /// <summary>Every method and address that is mapped, with something in the place of each parameter.</summary>
    public IReadOnlyList<(HttpMethod Method, string Path)> Endpoints =>
    [
        .. from endpoint in _app.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
           let path = Filled(endpoint.RoutePattern)
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           select (new HttpMethod(method), path),
    ];

    public static async Task<WholeHost> StartAsync(params (string Name, string? Value)[] settings)
    {
        var host = new WholeHost(settings.ToDictionary(pair => pair.Name, pair => pair.Value));
        await host._app.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Dispose();
        _folder.Dispose();
    }

    private static string Filled(Microsoft.AspNetCore.Routing.Patterns.RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { ParameterPolicies: [{ Content: "guid" }, ..] } => "01990000-0000-7000-8000-000000000001",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart => "1",
        _ => "",
    }))));
}
