using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Resources;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Privacy;

/// <summary><c>POST /webhook/export</c>: one part of everything of a person, as a zip file.</summary>
internal static class ExportRoute
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(ExportEndpoint.Path, SendAsync);

    private static async Task<IResult> SendAsync(HttpContext http, BackendOptions options, IDbContextFactory<MemoryDb> databases, PersonExport export, TimeProvider time)
    {
        var (body, refusal) = await SignedRequest.ReadAsync(http, ExportEndpoint.MaxBodyBytes, options, time);
        if (body is null) return refusal!;
        if (Read(body) is not { } request || !ConversationKey.TryParse(request.Conversation, out var key) || request.Skip < 0)
            return SignedRequest.Refused(StatusCodes.Status400BadRequest, "The body must name a conversation, and how many files to skip.");
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        var person = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.BotId == key.BotId && u.TelegramId == key.UserId, http.RequestAborted);
        if (person is null) return TypedResults.NoContent();

        // On disk, because its end is known only when it is there; gone when it is closed.
        var zip = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            var next = await export.WriteAsync(person.Id, request.Skip, new Texts(person.Language), zip, http.RequestAborted);
            if (next is { } skip) http.Response.Headers[ExportEndpoint.NextHeader] = skip.ToString(CultureInfo.InvariantCulture);
            zip.Position = 0;
            return TypedResults.Stream(zip, "application/zip");
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }

    private static ExportRequest? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ContractsJson.Default.ExportRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
