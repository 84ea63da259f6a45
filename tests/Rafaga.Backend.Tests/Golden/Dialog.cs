using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Rafaga.FakeModels;
using Xunit;

namespace Rafaga.Backend.Tests.Golden;

/// <summary>One golden dialog.</summary>
/// <param name="About">What it shows.</param>
/// <param name="Steps">Batches, in order.</param>
/// <param name="Events">Names of the events there are in the end.</param>
/// <param name="OnlyScripted">Whether it is about something that the offline model does not do.</param>
/// <param name="Stored">The memories in the end, the oldest first: owner, photo, event, text.</param>
internal sealed record Dialog(string About, bool OnlyScripted, IReadOnlyList<Step> Steps, IReadOnlyList<string> Events, IReadOnlyList<string> Stored)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public bool IsScripted => Steps.Any(step => step.Model is not null);

    public static Dialog Read(string name) => JsonSerializer.Deserialize<Dialog>(File.ReadAllText(Path.Combine(Folder, name + ".json")), Options)!;
}

/// <summary>One batch, or an event that becomes shared.</summary>
/// <param name="Person">ana writes Spanish, luis English.</param>
/// <param name="Says">What they send.</param>
/// <param name="Expect">What must come of it.</param>
/// <param name="Model">What Claude answers, request by request.</param>
/// <param name="Share">An event that the other one joins.</param>
internal sealed record Step(string? Person, IReadOnlyList<Line>? Says, Expectation? Expect, IReadOnlyList<ScriptedAnswer>? Model, Share? Share);

internal sealed record Share(string Event, string With, string Role);

/// <summary>One message: a text, a file or something else that people send, perhaps as an answer to another, or a new version of one.</summary>
/// <param name="Text">Words.</param>
/// <param name="Photo">A photo, by the name that the fake Telegram holds it under; likewise the other files.</param>
/// <param name="Caption">Words beside a file.</param>
/// <param name="Album">Shared by files that were sent together.</param>
/// <param name="ReplyTo">The message that it answers: a file, or a text by its name.</param>
/// <param name="Edit">The message that it is a new version of.</param>
/// <param name="Name">What a text is called by later lines.</param>
/// <param name="Video">A film.</param>
/// <param name="Voice">Something said.</param>
/// <param name="Document">A file sent as such.</param>
/// <param name="Place">A place on the map: latitude, longitude and perhaps a name.</param>
/// <param name="From">Who wrote what is forwarded, in 2020.</param>
/// <param name="Kind">A member of the Bot API's message that is none of these.</param>
/// <param name="Megabytes">Size of a file.</param>
internal sealed record Line(
    string? Text, string? Photo, string? Caption, string? Album, string? ReplyTo, string? Edit, string? Name, string? Video, string? Voice, string? Document, string? Place, string? From, string? Kind, int? Megabytes)
{
    private string? File => Photo ?? Video ?? Voice ?? Document;

    public void Write(Chat chat, Dictionary<string, long> sent)
    {
        var message = Parts(sent);
        if (Edit is not null) chat.Edit(sent[Edit], message);
        else if ((File ?? Name) is { } name) sent[name] = chat.Message(message).LastMessageId;
        else chat.Message(message);
    }

    private Dictionary<string, object?> Parts(Dictionary<string, long> sent)
    {
        var message = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["text"] = Text,
            ["caption"] = Caption,
            ["media_group_id"] = Album,
            ["reply_to_message"] = ReplyTo is null ? null : Chat.Answered(sent[ReplyTo]),
            ["forward_origin"] = From is null ? null : new { type = "hidden_user", date = 1_600_000_000, sender_user_name = From },
        };
        if ((Photo ?? (Edit is not null && Text is null ? Edit : null)) is { } photo) message["photo"] = new[] { new { file_id = photo, file_unique_id = "u" + photo, width = 1280, height = 960 } };
        else if (File is { } file) message[Video is not null ? "video" : Voice is not null ? "voice" : "document"] = new { file_id = file, file_unique_id = "u" + file, duration = 12, file_size = Megabytes * 1024L * 1024 };
        if (Place?.Split(',', 3) is [var latitude, var longitude, .. var name])
        {
            var location = new { latitude = double.Parse(latitude, CultureInfo.InvariantCulture), longitude = double.Parse(longitude, CultureInfo.InvariantCulture) };
            message["location"] = location;
            if (name is [var title]) message["venue"] = new { location, title, address = "" };
        }

        if (Kind is not null) message[Kind] = new { id = "1" };
        return message;
    }
}

/// <param name="Added">Memories added.</param>
/// <param name="Updated">Memories changed.</param>
/// <param name="Questions">Question marks in the reply: none or one.</param>
/// <param name="Says">Parts of the reply.</param>
/// <param name="SaysNot">What it must not say.</param>
internal sealed record Expectation(int Added, int Updated, int Questions, IReadOnlyList<string>? Says, IReadOnlyList<string>? SaysNot)
{
    public void Check(string what, BatchReply reply)
    {
        Assert.True(reply.Stats!.MemoriesAdded == Added && reply.Stats.MemoriesUpdated == Updated, $"{what} [added {reply.Stats.MemoriesAdded}, updated {reply.Stats.MemoriesUpdated}]");
        Assert.InRange(Questions, 0, 1);
        Assert.True(reply.Text!.Count(letter => letter == '?') == Questions, $"{what} [questions]");
        Assert.All(Says ?? [], part => Assert.True(reply.Text!.Contains(part, StringComparison.OrdinalIgnoreCase), $"{what} [lacks «{part}»]"));
        Assert.All(SaysNot ?? [], part => Assert.False(reply.Text!.Contains(part, StringComparison.OrdinalIgnoreCase), $"{what} [has «{part}»]"));
        if (Says?.Any(part => part.Contains("exact", StringComparison.Ordinal)) != true)
            Assert.False(reply.Text!.Contains("Para ser exacto", StringComparison.Ordinal) || reply.Text.Contains("To be exact", StringComparison.Ordinal), $"{what} [was corrected]");
    }
}

/// <param name="Calls">Tools to call.</param>
/// <param name="Say">The reply.</param>
internal sealed record ScriptedAnswer(IReadOnlyList<ScriptedCall>? Calls, string? Say)
{
    public ModelAnswer ToAnswer() => new(Say, [.. (Calls ?? []).Select(call => new AskedTool(call.Tool, call.Arguments.GetRawText()))]);
}

internal sealed record ScriptedCall(string Tool, JsonElement Arguments);
