using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Commands;

/// <summary><c>POST /webhook/language</c>: which language a person has chosen.</summary>
internal static class LanguageRoute
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(LanguageEndpoint.Path, ReadAsync);

    private static async Task<IResult> ReadAsync(HttpContext http, BackendOptions options, IDbContextFactory<MemoryDb> databases, TimeProvider time)
    {
        var (body, refusal) = await SignedRequest.ReadAsync(http, LanguageEndpoint.MaxBodyBytes, options, time);
        if (body is null) return refusal!;
        if (!ConversationKey.TryParse(Conversation(body), out var key)) return SignedRequest.Refused(StatusCodes.Status400BadRequest, "The body must name a conversation.");
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        var language = await db.Users.Where(u => u.BotId == key.BotId && u.TelegramId == key.UserId && u.LanguageChosen).Select(u => u.Language).SingleOrDefaultAsync(http.RequestAborted);
        return TypedResults.Json(new LanguageReply(language), ContractsJson.Default.LanguageReply);
    }

    private static string? Conversation(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ContractsJson.Default.LanguageRequest)?.Conversation;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
