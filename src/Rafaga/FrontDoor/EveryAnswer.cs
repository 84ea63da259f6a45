using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Dashboard.Access;

namespace Rafaga.FrontDoor;

/// <summary>
/// Before everything else in every process, whatever its roles: safe headers on each answer, one clear line where something fails, and no more from one
/// address than people and programs can want.
/// </summary>
internal sealed partial class EveryAnswer(AddressRate? rate, bool proxied, ILogger<EveryAnswer> logger) : IStartupFilter
{
    private const int RetrySeconds = 5;

    // What shows a secret of its own is not slowed down, and what is the same for all costs next to nothing.
    private static readonly PathString[] Unlimited = ["/webhook", "/assets", "/health", "/metrics"];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(HandleAsync);
        next(app);
    };

    private async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        SafeHeaders.Apply(http.Response.Headers);
        if (IsLimited(http.Request) && rate?.Take(Origin.Address(http, proxied)) is { } wait)
        {
            await SayAsync(http, StatusCodes.Status429TooManyRequests, "Too many requests from this address; try again in a moment.", (int)Math.Ceiling(wait.TotalSeconds));
            return;
        }

        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await SayAsync(http, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"The body is over {http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes." : "The request cannot be read.");
        }
        catch (InvalidDataException) when (!http.Response.HasStarted)
        {
            await SayAsync(http, StatusCodes.Status400BadRequest, "The form cannot be read, or holds more than a form may.");
        }
        catch (BatchStoreException e) when (!http.Response.HasStarted)
        {
            // Its words name the fix, and no secret.
            LogStoreAway(e.Message);
            await SayAsync(http, StatusCodes.Status503ServiceUnavailable, e.Message, RetrySeconds);
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            LogFailed(e, http.Request.Method, http.GetEndpoint()?.DisplayName);
            await SayAsync(http, StatusCodes.Status500InternalServerError, "Something failed here; the log of this process says what.");
        }
    }

    private static bool IsLimited(HttpRequest request) =>
        !Array.Exists(Unlimited, path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)) && !request.Headers.ContainsKey(RequestSignature.SignatureHeader);

    private static Task SayAsync(HttpContext http, int status, string error, int? retryAfter = null)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        if (retryAfter is { } seconds) http.Response.Headers.RetryAfter = Math.Max(1, seconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return http.Response.WriteAsJsonAsync(new OneLine(error), FrontDoorJson.Default.OneLine, cancellationToken: http.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "[WEB] a request failed: {Method} {Endpoint}")]
    private partial void LogFailed(Exception exception, string method, string? endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WEB] a request waits for the queue: {Reason}")]
    private partial void LogStoreAway(string reason);
}

/// <summary>A refusal.</summary>
/// <param name="Error">Names the fix.</param>
internal sealed record OneLine(string Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OneLine))]
internal sealed partial class FrontDoorJson : JsonSerializerContext;
