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

/// <summary>One message: a text or a photo, perhaps as an answer to a photo, or a new caption for one.</summary>
internal sealed record Line(string? Text, string? Photo, string? Caption, string? Album, string? ReplyTo, string? Edit)
{
    public void Write(Chat chat, Dictionary<string, long> sent)
    {
        if (Edit is not null) chat.Edit(sent[Edit], new { caption = Caption, photo = new[] { new { file_id = Edit, file_unique_id = "u" + Edit, width = 1280, height = 960 } } });
        else if (Photo is not null) sent[Photo] = chat.Photo(Photo, Caption, Album).LastMessageId;
        else chat.Message(new { text = Text, reply_to_message = ReplyTo is null ? null : new { message_id = sent[ReplyTo], date = 1, chat = new { id = 1, type = "private" } } });
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
