using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary>Talks to a running Ráfaga.</summary>
internal sealed class ApiClient(Uri url, string? password = null) : IDisposable
{
    private readonly HttpClient _http = Connect(password);

    // The door of an instance with a password: the same one, for programs.
    private static HttpClient Connect(string? password)
    {
        // A dry run takes as long as its model.
        var http = new HttpClient { Timeout = TimeSpan.FromMinutes(6) };
        if (password is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", password);
        return http;
    }

    public Uri Url => url;

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, Address(path)), cancellationToken);

    public Task<JsonNode> PostAsync(string path, HttpContent content, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = content }, cancellationToken);

    public void Dispose() => _http.Dispose();

    // Pages behind a proxy may have a prefix before all their paths.
    private Uri Address(string path) => new(url.AbsoluteUri.TrimEnd('/') + path);

    private async Task<JsonNode> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request, cancellationToken);
                if (response.StatusCode == System.Net.HttpStatusCode.NoContent) return new JsonObject();
                if (response.IsSuccessStatusCode) return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
                throw new ApiException(url, (int)response.StatusCode, await ReasonAsync(response, cancellationToken));
            }
            catch (HttpRequestException e)
            {
                throw new ApiException(url, null, e.Message);
            }
            catch (JsonException e)
            {
                throw new ApiException(url, null, e.Message);
            }
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            return (string?)JsonNode.Parse(body)?["error"] ?? body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Whatever else answers there, a person gets one line of it.
            return body.Split('\n', 2)[0].Trim() is { Length: > 0 } line ? line : response.ReasonPhrase ?? "";
        }
    }
}

/// <summary>A running Ráfaga could not be reached (no status), or refused.</summary>
internal sealed class ApiException(Uri url, int? status, string reason) : Exception(reason)
{
    public int? Status => status;

    public string Describe(Texts texts) => status switch
    {
        null => texts["NotReachable", url],
        401 => texts["NotSignedIn", url],
        _ => texts["Refused", status, Message],
    };
}
