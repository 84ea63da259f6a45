using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>The server side of the Bot API: <c>/bot{token}/{method}</c> and <c>/file/bot{token}/{path}</c>.</summary>
internal static class BotApiEndpoints
{
    private const int MaxTokenLength = 80;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/bot{token}/{method}", ["GET", "POST"], CallAsync).DisableAntiforgery();
        routes.MapGet("/file/bot{token}/{**path}", Download);
    }

    private static async Task<IResult> CallAsync(string token, string method, HttpRequest request, SimulatorOptions options, BotApiMethods methods)
    {
        try
        {
            Authorize(token, options);
            var arguments = await BotApiArguments.ReadAsync(request);
            var result = await methods.CallAsync(method, arguments, request.HttpContext.RequestAborted);
            return Json(new JsonObject { ["ok"] = true, ["result"] = result }, StatusCodes.Status200OK);
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
    }

    private static IResult Download(string token, string path, SimulatorOptions options, SimulatorStore store, HttpResponse response)
    {
        try
        {
            Authorize(token, options);
        }
        catch (BotApiException e)
        {
            return Error(e);
        }

        var found = store.Run(transaction => FileTable.Find(transaction, "path", path) is { } file ? FileTable.Content(transaction, file) : null);
        return found is null ? Error(new BotApiException(404, "Not Found")) : Results.Bytes(found, "application/octet-stream");
    }

    private static void Authorize(string token, SimulatorOptions options)
    {
        if (token.Length > MaxTokenLength || token.StartsWith('0') || !token.Contains(':', StringComparison.Ordinal))
            throw new BotApiException(401, "Unauthorized: invalid token specified");
        if (token != options.Token) throw new BotApiException(401, "Unauthorized");
    }

    private static IResult Error(BotApiException e) =>
        Json(new JsonObject { ["ok"] = false, ["error_code"] = e.ErrorCode, ["description"] = e.Message }, e.ErrorCode);

    private static IResult Json(JsonObject body, int status) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);
}
