using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
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
        routes.MapGet("/file/bot{token}/{**path}", Download);
    }

    private static async Task<IResult> CallAsync(
        string token, string method, HttpRequest request, SimulatorOptions options, BotApiMethods methods, IHostApplicationLifetime lifetime)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            Authorize(token, options);
            var arguments = await BotApiArguments.ReadAsync(request);
            var (result, description) = await methods.CallAsync(method, arguments, stop.Token);
            var answer = new JsonObject { ["ok"] = true, ["result"] = result };
            if (description is not null) answer["description"] = description;
            return Json(answer, StatusCodes.Status200OK);
        }
        catch (BotApiException e)
        {
            return Error(e);
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
    private static IResult Download(string token, string? path, SimulatorOptions options, SimulatorStore store)
    {
        try
        {
            Authorize(token, options);
            return Results.Bytes(store.Run(transaction => Content(transaction, path)) ?? throw NotFound(), "application/octet-stream");
        }
        catch (BotApiException e)
        {
            return Error(e);
        }
    }

    private static byte[]? Content(Transaction transaction, string? path) =>
        path is not null && FileTable.Find(transaction, "path", path) is { Size: <= TelegramClient.MaxDownloadBytes } file ? FileTable.Content(transaction, file) : null;

    private static void Authorize(string token, SimulatorOptions options)
    {
        if (token.Length > MaxTokenLength || token.StartsWith('0') || !token.Contains(':', StringComparison.Ordinal))
            throw new BotApiException(401, "Unauthorized: invalid token specified");
        if (token != options.Token) throw new BotApiException(401, "Unauthorized");
    }

    private static BotApiException NotFound() => new(404, "Not Found");

    private static IResult Error(BotApiException e) =>
        Json(new JsonObject { ["ok"] = false, ["error_code"] = e.ErrorCode, ["description"] = e.Message }, e.ErrorCode);

    private static IResult Json(JsonObject body, int status) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);
}
