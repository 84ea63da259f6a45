using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Rafaga.Contracts;

namespace Rafaga.Dashboard.Backend;

/// <summary>Asks the backend, signed; it may be another process, or away.</summary>
internal sealed partial class BackendReader(DashboardOptions options, TimeProvider time, ILogger<BackendReader> logger) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Not from the factory: its loggers print addresses.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(3), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Whether there is a backend that can be asked.</summary>
    public bool Exists => options.Backend is not null;

    /// <summary>What the models did for a batch; null when the backend does not say.</summary>
    public async Task<IReadOnlyList<AgentRunView>?> RunsAsync(string batch, CancellationToken cancellationToken) =>
        (await GetAsync($"/api/runs?batch={Uri.EscapeDataString(batch)}", BackendJson.Default.AgentRuns, cancellationToken))?.Runs;

    private async Task<T?> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (options.Backend is null) return null;
        using var timeout = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Request(HttpMethod.Get, path);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            if (!response.IsSuccessStatusCode)
            {
                // Somebody's own backend has no such door.
                if (response.StatusCode != HttpStatusCode.NotFound) LogRefused((int)response.StatusCode);
                return null;
            }

            await using var body = await response.Content.ReadAsStreamAsync(linked.Token);
            return await JsonSerializer.DeserializeAsync(body, type, linked.Token);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException || timeout.IsCancellationRequested)
        {
            LogAway(e.GetType().Name);
            return null;
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, options.Backend!.AbsoluteUri.TrimEnd('/') + path);
        if (options.Secret is { } secret)
        {
            var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
            var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
            request.Headers.Add(RequestSignature.IdHeader, id);
            request.Headers.Add(RequestSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(RequestSignature.SignatureHeader, RequestSignature.Sign(secret, id, timestamp, []));
        }

        return request;
    }

    public void Dispose() => _http.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The backend refuses to tell the pages anything ({Status}); check API_URL and the secret on both sides")]
    private partial void LogRefused(int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The backend does not tell the pages anything: {Kind}")]
    private partial void LogAway(string kind);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AgentRuns))]
internal sealed partial class BackendJson : JsonSerializerContext;
