using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Rafaga.Bot.Intake;

/// <summary>
/// Takes the updates that Telegram posts. Whatever is answered with anything but 2xx comes again, so 200 is said when the update is safe here, and to
/// what could never be taken.
/// </summary>
internal sealed partial class WebhookReceiver(
    BotIdentity identity, UpdateIntake intake, RejectedUpdates rejected, BotHealth health, BotOptions options, TimeProvider time, ILogger<WebhookReceiver> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly JsonDocumentOptions Generous = new() { MaxDepth = 1000 };

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(options.Webhook!.Secret);
    private long _forged;
    private long _refused;

    /// <summary>Maps the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(WebhookEndpoint.Path, ReceiveAsync);

    private async Task ReceiveAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = WebhookEndpoint.MaxBodyBytes;
        if (!IsTelegram(http.Request))
        {
            var forged = Interlocked.Increment(ref _forged);
            if (BitOperations.IsPow2(forged)) LogForged(forged);
            Answer(http, StatusCodes.Status401Unauthorized);
            return;
        }

        if (await ReadAsync(http.Request, http.RequestAborted) is not { } body)
        {
            Answer(http, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        try
        {
            Answer(http, await TakeAsync(body, http.RequestAborted) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            var refused = Interlocked.Increment(ref _refused);
            if (BitOperations.IsPow2(refused)) LogNotStored(e, refused);
            health.Update(status => status with { Trouble = "what came cannot be stored; Telegram keeps it until it can" });
            Answer(http, StatusCodes.Status503ServiceUnavailable);
        }
    }

    // Before a byte of the body is read, in a time that says nothing about how much of the secret was right. More than one header is nobody's we know.
    private bool IsTelegram(HttpRequest request) =>
        request.Headers[WebhookEndpoint.SecretHeader] is [{ } shown] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), _secret);

    /// <returns>False while it is not known who the bot is.</returns>
    private async Task<bool> TakeAsync(byte[] body, CancellationToken cancellationToken)
    {
        if (identity.Mapper is not { } mapper) return false;
        var taken = Parse(body) is { } update
            ? await intake.TakeAsync(mapper, [update], cancellationToken)
            : await RejectAsync(body, cancellationToken);

        var now = time.GetUtcNow();
        if (Interlocked.Exchange(ref _refused, 0) is > 0 and var failures) LogRecovered(failures);
        health.Update(status => status with { LastUpdateAt = now, Trouble = null, Rejected = status.Rejected + taken.Rejected });
        return true;
    }

    private async Task<TakenPage> RejectAsync(byte[] body, CancellationToken cancellationToken)
    {
        LogRejected(await rejected.KeepAsync(body, updateId: null, cancellationToken));
        return new TakenPage(null, 0, 0, 0, 0, Rejected: 1);
    }

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body, Generous).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > WebhookEndpoint.MaxBodyBytes) return null;
        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, cancellationToken);
            return body.ToArray();
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    private static void Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentLength = 0;
        if (status == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] {Count} posts to the webhook without its secret were refused: somebody else's, or RAFAGA__TELEGRAM__WEBHOOKSECRET has changed since \"rafaga webhook set\"")]
    private partial void LogForged(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] an update cannot be stored; Telegram keeps it and posts it again; failure {Failures} in a row")]
    private partial void LogNotStored(Exception exception, long failures);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] updates are stored again after {Failures} failures")]
    private partial void LogRecovered(long failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "[BOT] what was posted to the webhook is not JSON; it is kept as {File} in the folder of rejected updates")]
    private partial void LogRejected(string file);
}
