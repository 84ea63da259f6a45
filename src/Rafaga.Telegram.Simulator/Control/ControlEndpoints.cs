using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Rafaga.Telegram.Simulator.Resources;

namespace Rafaga.Telegram.Simulator.Control;

/// <summary>What stands in for the person's app: the chat page and <c>rafaga send</c> write and read here.</summary>
internal static class ControlEndpoints
{
    // An album of ten photos of the largest size, with room for the form.
    private const long MaxBodyBytes = (10L * TelegramSimulator.MaxPhotoBytes) + (1 << 20);
    private const long MaxDrainedBytes = 10 * MaxBodyBytes;

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
            return await request.ReadFromJsonAsync(ControlJson.Default.NewPerson, request.HttpContext.RequestAborted) is { FirstName: { } name } asked
                ? Results.Json(simulator.AddPerson(name, asked.LanguageCode ?? "es"), ControlJson.Default.Person, statusCode: StatusCodes.Status201Created)
                : Refuse(ReaderTexts(request)["NewPersonExpected"]);
        }
        catch (SendRefusedException e)
        {
            return Refuse(e.Message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse(ReaderTexts(request)["NewPersonExpected"]);
        }
    }

    private static IResult ListMessages(string username, HttpRequest request, TelegramSimulator simulator, long after = 0) =>
        simulator.FindPerson(username) is { } person
            ? Results.Json(simulator.Messages(person, after), ControlJson.Default.IReadOnlyListChatMessage)
            : Unknown(username, request);

    private static async Task<IResult> SendAsync(string username, HttpRequest request, TelegramSimulator simulator)
    {
        if (simulator.FindPerson(username) is not { } person) return Unknown(username, request);
        var texts = Texts.For(person.LanguageCode);
        if (!request.HasFormContentType) return Refuse(texts["FormExpected"]);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxDrainedBytes;
        try
        {
            if (request.ContentLength > MaxBodyBytes)
            {
                // Read to its end, else the sender sees a broken connection instead of the reason.
                await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
                return Refuse(texts["FormTooLarge", MaxBodyBytes >> 20]);
            }

            var form = await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = MaxBodyBytes }, request.HttpContext.RequestAborted);
            return Results.Json(await SendFormAsync(person, form, simulator, request.HttpContext.RequestAborted), ControlJson.Default.IReadOnlyListChatMessage);
        }
        catch (SendRefusedException e)
        {
            return Refuse(e.Message);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Refuse(texts["FormTooLarge", MaxBodyBytes >> 20]);
        }
        catch (InvalidDataException)
        {
            return Refuse(texts["FormUnreadable"]);
        }
    }

    private static async Task<IReadOnlyList<ChatMessage>> SendFormAsync(Person person, IFormCollection form, TelegramSimulator simulator, CancellationToken cancellationToken)
    {
        List<OutgoingFile> files = [];
        foreach (var file in form.Files.GetFiles("photo")) files.Add(await ReadAsync(file, cancellationToken));
        var text = form["text"].ToString();
        long? replyTo = long.TryParse(form["reply_to"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        if (files.Count == 0) return simulator.SendText(person, text, replyTo);
        if (text.Length > 0) throw Texts.For(person.LanguageCode).Refusal("TextOrPictures");
        return simulator.SendFiles(person, files, form["caption"], Flag(form["album"]), Flag(form["as_document"]), replyTo);
    }

    private static async Task<OutgoingFile> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        var bytes = new byte[file.Length];
        await using var content = file.OpenReadStream();
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return new OutgoingFile(Path.GetFileName(file.FileName), bytes);
    }

    private static async Task<IResult> StreamAsync(
        string username, HttpContext context, TelegramSimulator simulator, ChatEvents events, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (simulator.FindPerson(username) is not { } person) return Unknown(username, context.Request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var subscription = events.Subscribe(person.Id);
        var missed = ChatStream.LastSeen(context.Request) is { } last ? simulator.Messages(person, last) : [];
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

    private static bool Flag(string? value) => value is "true" or "1" or "on";

    // Where no person is known yet, the reader's program says the language.
    private static Texts ReaderTexts(HttpRequest request) => Texts.For(request.Headers.AcceptLanguage);

    private static IResult Unknown(string username, HttpRequest request) =>
        Results.Json(new Refusal(ReaderTexts(request)["UnknownPerson", username]), ControlJson.Default.Refusal, statusCode: StatusCodes.Status404NotFound);

    private static IResult Refuse(string error) => Results.Json(new Refusal(error), ControlJson.Default.Refusal, statusCode: StatusCodes.Status400BadRequest);
}
