using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Rafaga.Telegram.Simulator.Control;

/// <summary>What stands in for the people's apps: the chat page, <c>rafaga send</c> and tests write and read here.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/simulator").AddEndpointFilter(RefuseAsync);
        group.MapGet("/people", (TelegramSimulator simulator) => Results.Json(simulator.People(), ControlJson.Default.IReadOnlyListPerson));
        group.MapPost("/people", AddPersonAsync);
        group.MapGet("/chats/{chat}/messages", ListMessages);
        group.MapPost("/chats/{chat}/messages", SendForm.SendAsync).DisableAntiforgery();
        group.MapGet("/chats/{chat}/events", StreamAsync);
        group.MapGet("/files/{fileUniqueId}", ShowFile);
        ActionEndpoints.Map(group);
        GroupEndpoints.Map(group);
        FaultEndpoints.Map(group);
    }

    /// <summary>The body of a request as JSON.</summary>
    /// <exception cref="SendRefusedException">It is not of this form; the message shows how it should be.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, string example, Func<T, bool> isWhole)
        where T : class
    {
        try
        {
            if (await request.ReadFromJsonAsync(type, request.HttpContext.RequestAborted) is { } body && isWhole(body)) return body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Told below, with the form that is expected.
        }

        throw new SendRefusedException(Resources.Texts.For(request.Headers.AcceptLanguage)["BodyExpected", example]);
    }

    // One line that says why, for everything that cannot be done. Browsers say when a page of another site writes here.
    private static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (!HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"] is [not (null or "same-origin" or "none")])
            return Results.Json(new Refusal(Resources.Texts.For(request.Headers.AcceptLanguage)["OtherSite"]), ControlJson.Default.Refusal, statusCode: StatusCodes.Status403Forbidden);
        try
        {
            return await next(context);
        }
        catch (SendRefusedException e)
        {
            return Results.Json(new Refusal(e.Message), ControlJson.Default.Refusal, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (UnknownException e)
        {
            return Results.Json(new Refusal(e.Message), ControlJson.Default.Refusal, statusCode: StatusCodes.Status404NotFound);
        }
    }

    private static async Task<IResult> AddPersonAsync(HttpRequest request, TelegramSimulator simulator)
    {
        var asked = await ReadAsync(request, ControlJson.Default.NewPerson, """{"first_name":"…","language_code":"es"}""", body => body.FirstName is not null);
        return Results.Json(simulator.AddPerson(asked.FirstName!, asked.LanguageCode ?? "es"), ControlJson.Default.Person, statusCode: StatusCodes.Status201Created);
    }

    private static IResult ListMessages(string chat, HttpRequest request, TelegramSimulator simulator, long after = 0) =>
        Results.Json(simulator.Messages(new Addresses(simulator, request).Chat(chat), after), ControlJson.Default.IReadOnlyListChatMessage);

    private static async Task<IResult> StreamAsync(
        string chat, HttpContext context, TelegramSimulator simulator, ChatEvents events, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        var shown = new Addresses(simulator, context.Request).Chat(chat);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var subscription = events.Subscribe(shown.Id);
        var missed = ChatStream.LastSeen(context.Request) is { } last ? simulator.Messages(shown, last) : [];
        try
        {
            await new ChatStream(context.Response, time, stop.Token).RunAsync(subscription, missed);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader has left, or the app stops and does not wait for readers.
        }

        return Results.Empty;
    }

    private static IResult ShowFile(string fileUniqueId, TelegramSimulator simulator, HttpResponse response)
    {
        if (simulator.FindFile(fileUniqueId) is not { } file) return Results.NotFound();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "private, max-age=31536000, immutable";
        if (!file.MediaType.StartsWith("image/", StringComparison.Ordinal)) response.Headers.ContentDisposition = "attachment";
        return Results.Bytes(file.Bytes, file.MediaType);
    }
}
