using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Models;
using Rafaga.Backend.Store;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Backend.Tests.Models;
using Xunit;

namespace Rafaga.Backend.Tests.Golden;

/// <summary>Whole dialogs, one readable file each: what is said, what must be answered and what must be kept. With the offline model, and with Claude's client where a script says what Claude does.</summary>
public sealed partial class GoldenTests
{
    private static readonly Dictionary<string, string> Photos = Enumerable.Range(1, 12)
        .Select(i => (Name: string.Create(CultureInfo.InvariantCulture, $"photo{i}"), Content: Pictures.Jpeg(i))).Concat(Recordings.All)
        .ToDictionary(file => Convert.ToHexStringLower(SHA256.HashData(file.Content)), file => file.Name, StringComparer.Ordinal);

    public static TheoryData<string> Offline => [.. Dialog.Names.Where(name => !Dialog.Read(name).OnlyScripted)];

    public static TheoryData<string> Scripted => [.. Dialog.Names.Where(name => Dialog.Read(name).IsScripted)];

    [Fact]
    public void There_are_at_least_twenty_five_in_both_languages_and_every_one_says_what_it_is_about()
    {
        var dialogs = Dialog.Names.Select(Dialog.Read).ToList();
        Assert.InRange(dialogs.Count, 25, 200);
        Assert.InRange(dialogs.Count(dialog => dialog.IsScripted), 8, 200);
        Assert.InRange(dialogs.Count(dialog => dialog.Steps.Any(step => step.Person == "luis")), 8, 200);
        Assert.All(dialogs, dialog => Assert.True(dialog.About.Length > 10));
        Assert.Equal(dialogs.Count, dialogs.Select(dialog => dialog.About).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Offline))]
    public async Task The_offline_model_answers_and_keeps_what_the_file_says(string name)
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings { Models = time => ModelSet.Create(new ModelOptions(), new ModelOptions(), time) });
        await PlayAsync(host, Dialog.Read(name), _ => { });
    }

    [Theory]
    [MemberData(nameof(Scripted))]
    public async Task Claude_as_scripted_leads_to_the_same(string name)
    {
        await using var fake = await FakeVendor.StartAsync(FakeVendor.Claude, DatabaseKind.Sqlite);
        await PlayAsync(fake.Host, Dialog.Read(name), step =>
        {
            var script = step.Model ?? throw new InvalidOperationException("Every step of a scripted dialog has a script.");
            fake.Server.Brain = request => script[request.Round].ToAnswer();
        });
    }

    private static async Task PlayAsync(BackendHost host, Dialog dialog, Action<Step> prepare)
    {
        var chats = new Dictionary<string, Chat>(StringComparer.Ordinal) { ["ana"] = Chat.Ana(), ["luis"] = Chat.Luis() };
        var sent = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (step, number) in dialog.Steps.Select((step, index) => (step, index + 1)))
        {
            if (step.Share is { } share)
            {
                await ShareAsync(host, share);
                continue;
            }

            prepare(step);
            var chat = chats[step.Person!];
            foreach (var line in step.Says!) line.Write(chat, sent);
            var batch = string.Create(CultureInfo.InvariantCulture, $"step-{number}");
            var reply = await host.ReplyAsync(chat.Seal(batch));
            var runs = (await host.GetAsync($"/api/runs?batch={batch}")).GetProperty("runs");
            Assert.True(runs.GetArrayLength() == 1, $"Step {number}: {runs.GetArrayLength()} runs for one batch.");
            step.Expect!.Check($"Step {number} of «{dialog.About}»: {reply.Text}", reply);
            Assert.DoesNotMatch(Handle(), reply.Text!);
        }

        Assert.Equal(dialog.Stored, [.. (await host.MemoriesAsync()).Select(Written)]);
        Assert.Equal(dialog.Events.Order(StringComparer.Ordinal), (await host.GetAsync("/api/events")).GetProperty("events").EnumerateArray().Select(one => one.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
    }

    private static string Written(System.Text.Json.JsonElement memory)
    {
        var photo = Photos[memory.GetProperty("photo").GetString()!.Split('/')[^1]];
        var place = Text("place") is "-" ? "" : $" | {Text("place")}";
        return $"{Text("owner")} | {photo} | {Text("event")} | {Text("text").Replace("\n", " / ", StringComparison.Ordinal)}{place}";

        string Text(string part) => memory.TryGetProperty(part, out var value) ? value.GetString() ?? "-" : "-";
    }

    private static async Task ShareAsync(BackendHost host, Share share)
    {
        await using var db = host.Open();
        var (shared, guest) = (await db.Events.SingleAsync(e => e.Name == share.Event, TestContext.Current.CancellationToken), await db.Users.SingleAsync(u => u.Username == share.With, TestContext.Current.CancellationToken));
        db.EventMembers.Add(new EventMember { EventId = shared.Id, UserId = guest.Id, Role = share.Role });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"\b[PEM]\d+\b", RegexOptions.None, 1000)]
    private static partial Regex Handle();
}
