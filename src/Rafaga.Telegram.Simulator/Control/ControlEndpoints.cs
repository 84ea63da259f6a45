using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Rafaga.Telegram.Simulator.Control;

/// <summary>What stands in for the person's app: the chat page and <c>rafaga send</c> write and read here.</summary>
internal static class ControlEndpoints
{
    // An album of ten photos of the largest size, with room for the form.
    private const long MaxBodyBytes = (10L * TelegramSimulator.MaxPhotoBytes) + (1 << 20);

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/simulator");
        group.MapGet("/people", (TelegramSimulator simulator) => Results.Json(simulator.People(), ControlJson.Default.IReadOnlyListPerson));
        group.MapPost("/people", AddPersonAsync);
        group.MapGet("/chats/{username}/messages", ListMessages);
        group.MapPost("/chats/{username}/messages", SendAsync).DisableAntiforgery();
        group.MapGet("/chats/{username}/events", StreamAsync);
        group.MapGet("/files/{fileUniqueId}", ShowFile);
    }

    private static async Task<IResult> AddPersonAsync(HttpRequest request, TelegramSimulator simulator)
    {
        try
        {
            var asked = await request.ReadFromJsonAsync(ControlJson.Default.NewPerson, request.HttpContext.RequestAborted);
            if (asked is not { FirstName: { } name }) return Refuse("first_name is missing.");
            return Results.Json(simulator.AddPerson(name, asked.LanguageCode ?? "es"), ControlJson.Default.Person, statusCode: StatusCodes.Status201Created);
        }
        catch (SendRefusedException e)
        {
            return Refuse(e.Message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse("The body must be JSON: {\"first_name\":\"…\",\"language_code\":\"es\"}.");
        }
    }

    private static IResult ListMessages(string username, TelegramSimulator simulator, long after = 0) =>
        simulator.FindPerson(username) is { } person
            ? Results.Json(simulator.Messages(person, after), ControlJson.Default.IReadOnlyListChatMessage)
            : Unknown(username);

    private static async Task<IResult> SendAsync(string username, HttpRequest request, TelegramSimulator simulator)
    {
        if (simulator.FindPerson(username) is not { } person) return Unknown(username);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBodyBytes;
        if (!request.HasFormContentType) return Refuse("The body must be a form with text or photo.");
        try
        {
            var form = await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = MaxBodyBytes }, request.HttpContext.RequestAborted);
            List<OutgoingFile> files = [];
            foreach (var file in form.Files.GetFiles("photo")) files.Add(await ReadAsync(file, request.HttpContext.RequestAborted));
            var sent = files.Count > 0
                ? simulator.SendFiles(person, files, form["caption"], form["album"] == "true", form["as_document"] == "true")
                : simulator.SendText(person, form["text"].ToString());
            return Results.Json(sent, ControlJson.Default.IReadOnlyListChatMessage);
        }
        catch (SendRefusedException e)
        {
            return Refuse(e.Message);
        }
        catch (InvalidDataException e)
        {
            return Refuse($"The form cannot be read: {e.Message}");
        }
    }

    private static async Task<OutgoingFile> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream((int)file.Length);
        await file.CopyToAsync(buffer, cancellationToken);
        return new OutgoingFile(Path.GetFileName(file.FileName), buffer.ToArray());
    }

    private static async Task StreamAsync(string username, HttpContext context, TelegramSimulator simulator, ChatEvents events, TimeProvider time)
    {
        if (simulator.FindPerson(username) is not { } person)
        {
            await Unknown(username).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await using var reader = events.ReadAsync(person.Id, context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);
        try
        {
            // A first line at once: whatever buffers on the way lets the headers through.
            await WriteAsync(context, ": hello\n\n");
            var next = reader.MoveNextAsync().AsTask();
            while (true)
            {
                using var beat = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
                if (await Task.WhenAny(next, Task.Delay(Heartbeat, time, beat.Token)) != next)
                {
                    context.RequestAborted.ThrowIfCancellationRequested();
                    await WriteAsync(context, ": beat\n\n");
                    continue;
                }

                await beat.CancelAsync();
                if (!await next) return;
                await WriteAsync(context, Format(reader.Current));
                next = reader.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader has left.
        }
    }

    private static string Format(ChatEvent happened) => happened switch
    {
        ChatEvent.Message message => $"event: message\nid: {message.Shown.MessageId}\ndata: {JsonSerializer.Serialize(message.Shown, ControlJson.Default.ChatMessage)}\n\n",
        _ => "event: typing\ndata: {}\n\n",
    };

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static IResult ShowFile(string fileUniqueId, TelegramSimulator simulator, HttpResponse response)
    {
        if (simulator.FindFile(fileUniqueId) is not { } file) return Results.NotFound();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.Bytes(file.Bytes, file.MediaType);
    }

    private static IResult Unknown(string username) =>
        Results.Json(new Refusal($"Nobody is called \"{username}\"."), ControlJson.Default.Refusal, statusCode: StatusCodes.Status404NotFound);

    private static IResult Refuse(string error) => Results.Json(new Refusal(error), ControlJson.Default.Refusal, statusCode: StatusCodes.Status400BadRequest);
}
