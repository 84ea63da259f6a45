using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.BotApi;

namespace Rafaga.Telegram.Simulator.Webhooks;

/// <summary>What the bot said to an update.</summary>
/// <param name="Error">Why it counts as not taken; null when it was taken.</param>
internal sealed record WebhookAnswer(string? Error)
{
    public bool Ok => Error is null;

    /// <summary>How long the bot asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>410.</summary>
    public bool Gone { get; init; }

    /// <summary>A call of a method that stands in the answer.</summary>
    public JsonObject? Call { get; init; }
}

/// <summary>Posts one update.</summary>
internal sealed class WebhookPost(SimulatorClock clock) : IDisposable
{
    private const int MaxAnswerBytes = 1024 * 1024;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    public async Task<WebhookAnswer> SendAsync(Webhook webhook, string update, CancellationToken stoppingToken)
    {
        using var idle = new CancellationTokenSource(IdleLimit, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, stoppingToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(update));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (webhook.SecretToken is { } secret) request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", secret);
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            return response.IsSuccessStatusCode
                ? new WebhookAnswer((string?)null) { Call = Call(await response.Content.ReadAsByteArrayAsync(limit.Token)) }
                : new WebhookAnswer($"Wrong response from the webhook: {(int)response.StatusCode} {response.ReasonPhrase}")
                {
                    RetryAfter = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null,
                    Gone = (int)response.StatusCode == 410,
                };
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return new WebhookAnswer("Read timeout expired");
        }
        catch (HttpRequestException e)
        {
            return new WebhookAnswer(e.HttpRequestError == HttpRequestError.ConnectionError ? "Connection refused" : "Connection closed by the webhook");
        }
    }

    public void Dispose() => _http.Dispose();

    private static JsonObject? Call(byte[] body)
    {
        if (body.Length == 0) return null;
        try
        {
            return JsonNode.Parse(body) is JsonObject call && call.String("method") is not null ? call : null;
        }
        catch (JsonException)
        {
            // Most bots say "ok" or nothing.
            return null;
        }
    }
}
