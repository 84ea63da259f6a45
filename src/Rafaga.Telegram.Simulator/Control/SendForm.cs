using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rafaga.Telegram.Simulator.Resources;

namespace Rafaga.Telegram.Simulator.Control;

/// <summary>What a person sends, as a form.</summary>
internal static class SendForm
{
    // An album of ten photos of the largest size, with room for the form.
    private const long MaxBodyBytes = (10L * TelegramSimulator.MaxPhotoBytes) + (1 << 20);
    private const long MaxDrainedBytes = 10 * MaxBodyBytes;
    private const double MaxGapSeconds = 3600;

    public static async Task<IResult> SendAsync(string chat, HttpRequest request, TelegramSimulator simulator)
    {
        var addresses = new Addresses(simulator, request);
        addresses.Chat(chat);
        // In a private chat the person is known before the form is read.
        var texts = simulator.FindPerson(chat) is { } person ? Texts.For(person.LanguageCode) : addresses.Texts;
        if (!request.HasFormContentType) throw texts.Refusal("FormExpected");
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxDrainedBytes;
        var form = await ReadAsync(request, texts);
        var participant = addresses.Participant(chat, form["from"], Number(form["thread"]));
        var message = await MessageAsync(form, texts, request.HttpContext.RequestAborted);
        var sent = await participant.SendAsync(message, Gaps(form["gap"].ToString(), texts), request.HttpContext.RequestAborted);
        return Results.Json(sent, ControlJson.Default.IReadOnlyListChatMessage);
    }

    private static async Task<IFormCollection> ReadAsync(HttpRequest request, Texts texts)
    {
        try
        {
            if (request.ContentLength > MaxBodyBytes)
            {
                // Read to its end, else the sender sees a broken connection instead of the reason.
                await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
                throw texts.Refusal("FormTooLarge", MaxBodyBytes >> 20);
            }

            return await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = MaxBodyBytes }, request.HttpContext.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw texts.Refusal("FormTooLarge", MaxBodyBytes >> 20);
        }
        catch (InvalidDataException)
        {
            throw texts.Refusal("FormUnreadable");
        }
    }

    private static async Task<OutgoingMessage> MessageAsync(IFormCollection form, Texts texts, CancellationToken cancellationToken)
    {
        List<OutgoingFile> files = [];
        foreach (var file in form.Files)
        {
            if (!Enum.TryParse<OutgoingKind>(file.Name, ignoreCase: true, out var kind)) continue;
            if (kind == OutgoingKind.Photo && Flag(form["as_document"])) kind = OutgoingKind.Document;
            files.Add(await ReadAsync(file, kind, (int)(Number(form["duration"]) ?? 1), cancellationToken));
        }

        return new OutgoingMessage
        {
            Text = form["text"],
            Files = files,
            Caption = form["caption"],
            Album = Flag(form["album"]),
            ReplyTo = Number(form["reply_to"]),
            Location = Location(form["location"].ToString(), texts),
            Contact = Contact(form["contact"].ToString(), texts),
            Other = Other(form["other"].ToString(), texts),
            Forward = Number(form["forward_date"]) is { } date ? new ForwardOrigin(date, form["forward_from"].ToString()) : null,
        };
    }

    private static async Task<OutgoingFile> ReadAsync(IFormFile file, OutgoingKind kind, int duration, CancellationToken cancellationToken)
    {
        var bytes = new byte[file.Length];
        await using var content = file.OpenReadStream();
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return new OutgoingFile(Path.GetFileName(file.FileName), bytes) { Kind = kind, Duration = duration };
    }

    private static (double, double)? Location(string text, Texts texts)
    {
        if (text.Length == 0) return null;
        return text.Split(',') is [var latitude, var longitude] && Seconds(latitude) is { } north && Seconds(longitude) is { } east ? (north, east) : throw texts.Refusal("LocationRange");
    }

    private static (string, string)? Contact(string text, Texts texts)
    {
        if (text.Length == 0) return null;
        return text.Split(',', 2) is [var name, var phone] ? (name.Trim(), phone.Trim()) : throw texts.Refusal("ContactForm");
    }

    private static JsonObject? Other(string text, Texts texts)
    {
        if (text.Length == 0) return null;
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw texts.Refusal("OtherForm");
        }
        catch (JsonException)
        {
            throw texts.Refusal("OtherForm");
        }
    }

    private static List<TimeSpan> Gaps(string text, Texts texts) =>
    [
        .. text.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => Seconds(part) is { } seconds and >= 0 and <= MaxGapSeconds ? TimeSpan.FromSeconds(seconds) : throw texts.Refusal("GapRange")),
    ];

    private static double? Seconds(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool Flag(string? value) => value is "true" or "1" or "on";
}
