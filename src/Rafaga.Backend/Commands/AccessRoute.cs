using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Commands;

/// <summary><c>POST /webhook/access</c>: whether a person was let in. The record of it is the command that let them in, so it goes when all of a person's goes.</summary>
internal static class AccessRoute
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(AccessEndpoint.Path, ReadAsync);

    private static async Task<IResult> ReadAsync(HttpContext http, BackendOptions options, IDbContextFactory<MemoryDb> databases, TimeProvider time)
    {
        var (body, refusal) = await SignedRequest.ReadAsync(http, AccessEndpoint.MaxBodyBytes, options, time);
        if (body is null) return refusal!;
        if (!ConversationKey.TryParse(Conversation(body), out var key)) return SignedRequest.Refused(StatusCodes.Status400BadRequest, "The body must name a conversation.");
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        var admitted = await db.Users.Where(u => u.BotId == key.BotId && u.TelegramId == key.UserId)
            .Join(db.Conversations, u => u.Id, c => c.UserId, (_, c) => c.Id)
            .Join(db.Commands.Where(c => c.Name == PersonCommand.Admit), id => id, c => c.ConversationId, (_, c) => c.Id)
            .AnyAsync(http.RequestAborted);
        return TypedResults.Json(new AccessReply(admitted), ContractsJson.Default.AccessReply);
    }

    private static string? Conversation(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ContractsJson.Default.AccessRequest)?.Conversation;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
