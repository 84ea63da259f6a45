using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rafaga.Batching;
using Rafaga.Dashboard.Windows;

namespace Rafaga.Dashboard.Api;

internal static class WindowsApi
{
    public static void MapWindows(this IEndpointRouteBuilder routes)
    {
        var windows = routes.MapGroup("/api/windows");
        windows.MapGet("", GetAsync);
        windows.MapGet("/events", StreamAsync);
        windows.MapPost("/{chat}/flush", FlushAsync);
        windows.MapPost("/{chat}/cancel", CancelAsync);
    }

    private static async Task<Results<JsonHttpResult<WindowsJson>, JsonHttpResult<ErrorJson>>> GetAsync(
        string? chat, Conversations conversations, WindowReader reader, CancellationToken cancellationToken)
    {
        if (!TryRead(chat, conversations, out var conversation)) return BadChat(chat);
        var infos = await reader.ListAsync(conversation, cancellationToken);
        return TypedResults.Json(await reader.ReadAsync(infos, cancellationToken), DashboardJson.Default.WindowsJson);
    }

    private static Task StreamAsync(HttpContext context, string? chat, Conversations conversations, WindowStream stream) =>
        TryRead(chat, conversations, out var conversation) ? stream.SendAsync(context, conversation) : BadChat(chat).ExecuteAsync(context);

    private static async Task<Results<JsonHttpResult<FlushJson>, JsonHttpResult<ErrorJson>>> FlushAsync(
        string chat, Conversations conversations, IBatcher<JsonElement> batcher, CancellationToken cancellationToken)
    {
        if (!conversations.TryRead(chat, out var conversation)) return BadChat(chat);
        var flushed = await batcher.FlushAsync(conversation, cancellationToken);
        return flushed.BatchId is { } id
            ? TypedResults.Json(new FlushJson(id.Value, flushed.Messages), DashboardJson.Default.FlushJson)
            : Answers.NotFound($"Chat {chat} has no open window.");
    }

    private static async Task<Results<JsonHttpResult<CancelJson>, JsonHttpResult<ErrorJson>>> CancelAsync(
        string chat, Conversations conversations, IBatcher<JsonElement> batcher, CancellationToken cancellationToken)
    {
        if (!conversations.TryRead(chat, out var conversation)) return BadChat(chat);
        var cancelled = await batcher.CancelAsync(conversation, cancellationToken);
        return TypedResults.Json(new CancelJson(cancelled.Batches, cancelled.Messages, cancelled.Running), DashboardJson.Default.CancelJson);
    }

    private static bool TryRead(string? chat, Conversations conversations, out ConversationId? conversation)
    {
        conversation = null;
        if (string.IsNullOrEmpty(chat)) return true;
        if (!conversations.TryRead(chat, out var found)) return false;
        conversation = found;
        return true;
    }

    private static JsonHttpResult<ErrorJson> BadChat(string? chat) =>
        Answers.BadRequest($"\"{chat}\" is neither the id of a chat nor the key of a conversation.");
}
