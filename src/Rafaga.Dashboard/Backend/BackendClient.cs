using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Rafaga.Contracts;

namespace Rafaga.Dashboard.Backend;

/// <summary>What the backend said.</summary>
/// <param name="Value">What was asked for; null when it was not given.</param>
/// <param name="Status">HTTP status; null when the backend did not answer at all.</param>
/// <param name="Error">Its one line about what is wrong; null when it had none.</param>
internal sealed record BackendAnswer<T>(T? Value, int? Status, string? Error = null)
    where T : class;

/// <summary>Asks the backend, signed; it may be another process, or away.</summary>
internal sealed partial class BackendClient(DashboardOptions options, TimeProvider time, ILogger<BackendClient> logger) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A turn takes as long as model and photos do, and the backend has limits of its own for both.
    private static readonly TimeSpan PatienceWithModels = TimeSpan.FromMinutes(5);

    private const int MaxError = 2000;

    // Not from the factory: its loggers print addresses.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(3), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Whether there is a backend that can be asked.</summary>
    public bool Exists => options.Backend is not null;

    /// <summary>What the models did for a batch; null when the backend does not say.</summary>
    public async Task<IReadOnlyList<AgentRunView>?> RunsAsync(string batch, CancellationToken cancellationToken) =>
        (await AskAsync(HttpMethod.Get, $"/api/runs?batch={Uri.EscapeDataString(batch)}", BackendJson.Default.AgentRuns, cancellationToken)).Value?.Runs;

    public Task<BackendAnswer<EventPage>> EventsAsync(string query, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, "/api/events" + query, BackendJson.Default.EventPage, cancellationToken);

    public Task<BackendAnswer<AlbumPage>> AlbumAsync(Guid id, string query, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, $"/api/events/{id}{query}", BackendJson.Default.AlbumPage, cancellationToken);

    public Task<BackendAnswer<MemoryPage>> MemoriesAsync(string query, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, "/api/memories" + query, BackendJson.Default.MemoryPage, cancellationToken);

    public Task<BackendAnswer<MemoryView>> MemoryAsync(Guid id, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, $"/api/memories/{id}", BackendJson.Default.MemoryView, cancellationToken);

    /// <summary>Changes a memory, if it still is at the revision that was seen.</summary>
    public Task<BackendAnswer<MemoryView>> ChangeAsync(Guid id, string verb, string query, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, $"/api/memories/{id}/{verb}{query}", BackendJson.Default.MemoryView, cancellationToken);

    /// <summary>What a batch would do.</summary>
    /// <param name="body">The batch as the worker posts it.</param>
    /// <param name="cancellationToken">Ends the dry run.</param>
    public Task<BackendAnswer<DryRunView>> DryRunAsync(byte[] body, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, BatchEndpoint.DryRunPath, BackendJson.Default.DryRunView, cancellationToken, body, PatienceWithModels);

    /// <summary>Something that is passed on as it comes; null when the backend does not answer.</summary>
    /// <param name="method">GET, mostly.</param>
    /// <param name="path">At the backend.</param>
    /// <param name="range">The part that is asked for, as in the header <c>Range</c>; null for the whole.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HttpResponseMessage?> OpenAsync(HttpMethod method, string path, string? range, CancellationToken cancellationToken)
    {
        if (options.Backend is null) return null;
        try
        {
            using var request = Request(method, path);
            if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            LogAway(e.GetType().Name);
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<BackendAnswer<T>> AskAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, byte[]? body = null, TimeSpan? patience = null)
        where T : class
    {
        if (options.Backend is null) return new BackendAnswer<T>(null, null);
        using var timeout = new CancellationTokenSource(patience ?? Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Request(method, path, body);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            var status = (int)response.StatusCode;
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) LogRefused(status);
            if (!response.IsSuccessStatusCode) return new BackendAnswer<T>(null, status, body is null ? null : await ErrorAsync(response, linked.Token));
            await using var content = await response.Content.ReadAsStreamAsync(linked.Token);
            return new BackendAnswer<T>(await JsonSerializer.DeserializeAsync(content, type, linked.Token), status);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException || timeout.IsCancellationRequested)
        {
            LogAway(e.GetType().Name);
            return new BackendAnswer<T>(null, null);
        }
    }

    private static async Task<string?> ErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/json" || response.Content.Headers.ContentLength > MaxError) return null;
        var said = await response.Content.ReadFromJsonAsync(BackendJson.Default.BackendError, cancellationToken);
        return said?.Error;
    }

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? body = null)
    {
        var address = new Uri(options.Backend!.AbsoluteUri.TrimEnd('/') + path);
        var request = new HttpRequestMessage(method, address) { Content = body is null ? null : new ByteArrayContent(body) };
        if (options.Secret is { } secret) OperatorRequest.Sign(request, address.PathAndQuery, secret, time.GetUtcNow(), body);
        return request;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The backend refuses the pages ({Status}): give both the same RAFAGA__BACKEND__SECRET, and check both clocks")]
    private partial void LogRefused(int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The backend does not answer the pages: {Kind}")]
    private partial void LogAway(string kind);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AgentRuns))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(AlbumPage))]
[JsonSerializable(typeof(MemoryPage))]
[JsonSerializable(typeof(MemoryView))]
[JsonSerializable(typeof(DryRunView))]
[JsonSerializable(typeof(BackendError))]
internal sealed partial class BackendJson : JsonSerializerContext;

internal sealed record BackendError(string? Error);
