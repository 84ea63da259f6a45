using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>The server side of the Bot API: <c>/bot{token}/{method}</c> and <c>/file/bot{token}/{path}</c>.</summary>
internal static class BotApiEndpoints
{
    private const int MaxTokenLength = 80;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/bot{token}/{method}", ["GET", "POST"], CallAsync).DisableAntiforgery();
        routes.Map("/bot{token}/{method}/{**rest}", () => Error(NotFound()));
        routes.MapGet("/file/bot{token}/{**path}", DownloadAsync);
    }

    private static async Task<IResult> CallAsync(
        string token, string method, HttpRequest request, SimulatorOptions options, BotApiMethods methods, CallFaults faults, IHostApplicationLifetime lifetime)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            Authorize(token, options);
            var arguments = await BotApiArguments.ReadAsync(request);
            return await faults.PassAsync(method, arguments.Number("chat_id"), request.HttpContext, CallAsync, stop.Token);

            async Task<IResult> CallAsync()
            {
                var (result, description) = await methods.CallAsync(method, arguments, stop.Token);
                var answer = new JsonObject { ["ok"] = true, ["result"] = result };
                if (description is not null) answer["description"] = description;
                return Json(answer, StatusCodes.Status200OK);
            }
        }
        catch (BotApiException e)
        {
            return Error(e, request.HttpContext.Response);
        }
        catch (OperationCanceledException) when (request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            // The bot has hung up its long poll: nobody reads an answer.
            return Results.Empty;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Error(new BotApiException(500, "Internal Server Error: restart"));
        }
    }

    // The path is only ever compared with the paths that getFile gave: it never reaches a file system.
    private static async Task<IResult> DownloadAsync(
        string token, string? path, HttpContext context, SimulatorOptions options, SimulatorStore store, SimulatorClock clock, CallFaults faults)
    {
        try
        {
            Authorize(token, options);
            return await faults.PassDownloadAsync(path ?? "", context, () => store.Run(transaction => Content(transaction, path, clock.Now)) ?? throw NotFound(), context.RequestAborted);
        }
        catch (BotApiException e)
        {
            return Error(e, context.Response);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
    }

    private static byte[]? Content(Transaction transaction, string? path, long now) =>
        path is not null && FileTable.Linked(transaction, path, now) is { Size: <= TelegramClient.MaxDownloadBytes } file ? FileTable.Content(transaction, file) : null;

    private static void Authorize(string token, SimulatorOptions options)
    {
        if (token.Length > MaxTokenLength || token.StartsWith('0') || !token.Contains(':', StringComparison.Ordinal))
            throw new BotApiException(401, "Unauthorized: invalid token specified");
        if (token != options.Token) throw new BotApiException(401, "Unauthorized");
    }

    private static BotApiException NotFound() => new(404, "Not Found");

    private static IResult Error(BotApiException e, HttpResponse? response = null)
    {
        var body = new JsonObject { ["ok"] = false, ["error_code"] = e.ErrorCode, ["description"] = e.Message };
        if (e.RetryAfter is { } seconds)
        {
            body["parameters"] = new JsonObject { ["retry_after"] = seconds };
            response?.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (e.MigrateToChatId is { } chat) body["parameters"] = new JsonObject { ["migrate_to_chat_id"] = chat };
        return Json(body, e.ErrorCode);
    }

    private static IResult Json(JsonObject body, int status) => Results.Text(BotApiJson.Text(body), "application/json", statusCode: status);
}
