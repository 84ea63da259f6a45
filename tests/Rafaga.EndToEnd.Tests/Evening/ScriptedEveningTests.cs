using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Evening;

/// <summary>
/// A whole family writes for half a minute, everything that people send, while Telegram, the network and our own processes fail:
/// every message is in one batch, every reply arrives once but for those that are counted as ambiguous, and the order of each chat is kept.
/// </summary>
public sealed class ScriptedEveningTests(ITestOutputHelper output)
{
    private const int Guests = 40;
    private const int MessagesEach = 50;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_lost_nothing_is_twice_and_the_order_is_kept()
    {
        await using var telegram = await GatedTelegram.StartAsync();
        var simulator = telegram.Simulator;
        // In the group, one chat has many conversations.
        simulator.PrivacyMode = false;
        var group = simulator.AddGroup(telegram.Ana, "La familia");
        var guests = Enumerable.Range(0, Guests)
            .Select(i => new EveningGuest(simulator, simulator.AddPerson($"Guest {i}", i % 3 == 0 ? "en" : "es"), i % 7 == 6 ? group : null, seed: 1000 + i)).ToList();
        // The updates of every second one come in another order than they were written.
        var reordered = guests.Where((guest, i) => i % 2 == 1 || guest.ChatId == group.Id).ToHashSet();
        var asked = EveningFaults.Add(simulator.Faults, [.. reordered.Select(guest => guest.ChatId).Distinct()]);
        await using var rafaga = await SplitRafaga.StartAsync(telegram);
        foreach (var words in (string[])[.. EveningGuest.Texts, "La familia", .. Enumerable.Range(10, Guests - 10).Select(i => $"Guest {i}")]) rafaga.Hear(words);
        var startedAt = TimeProvider.System.GetTimestamp();

        await Task.WhenAll([.. guests.Select(guest => guest.WriteAsync(MessagesEach, Cancellation)), KillOneAfterTheOtherAsync(telegram, rafaga, guests)]);
        var written = TimeProvider.System.GetElapsedTime(startedAt);
        await DrainAsync(telegram, rafaga);
        var drained = TimeProvider.System.GetElapsedTime(startedAt);

        var ledger = new EveningLedger(await EveningLedger.ReadAsync(rafaga.Worker, rafaga.Queue), rafaga.Worker.Output);
        var faults = guests.SelectMany(guest => ledger.Faults(guest.Name, guest.Conversation, guest.Sent, EveningLedger.Answered(guest.Messages), inOrder: !reordered.Contains(guest))).ToList();
        var waiting = simulator.Faults.Waiting.CountBy(fault => fault.Method is { } method ? $"{fault.Kind} {method}" : $"{fault.Kind}").ToDictionary();
        output.WriteLine($"{guests.Sum(g => g.Sent.Count)} messages in {ledger.Batches} batches, {ledger.Replies} replies, {ledger.Repeats} repeats of {ledger.Ambiguous} ambiguous, {ledger.TakenAsSentCount} taken as sent; written in {written.TotalSeconds:F0} s, drained after {drained.TotalSeconds:F0} s");
        output.WriteLine(string.Join('\n', asked.Select(fault => $"{fault.Key}: {fault.Value - waiting.GetValueOrDefault(fault.Key)} of {fault.Value}")));

        // Whole: the assertion cuts them off.
        output.WriteLine(string.Join('\n', faults));
        Assert.Empty(faults);
        Assert.Equal(Guests * MessagesEach, guests.Sum(guest => guest.Sent.Count));
        Assert.Equal(["album", "audio", "contact", "document", "edit", "forward", "location", "other", "photo", "reply", "sticker", "text", "video", "voice"], guests.SelectMany(g => g.Kinds).Distinct().Order(StringComparer.Ordinal));
        // An evening on which little went wrong would prove little.
        Assert.All(asked, fault => Assert.InRange(fault.Value - waiting.GetValueOrDefault(fault.Key), Math.Min(fault.Value, 2), fault.Value));
        Assert.True(ledger.Repeats >= 5 && ledger.Ambiguous >= ledger.Repeats, "some repeats, each of them counted");
    }

    // Each role dies once, a quarter of the evening apart, and Telegram restarts.
    private static async Task KillOneAfterTheOtherAsync(GatedTelegram telegram, SplitRafaga rafaga, IReadOnlyList<EveningGuest> guests)
    {
        var part = 0;
        foreach (var role in (RafagaProcess[])[rafaga.Worker, rafaga.Bot, rafaga.Backend])
        {
            var share = MessagesEach * Guests * ++part / 4;
            await Eventually.TrueAsync(() => Task.FromResult(guests.Sum(guest => guest.Sent.Count) >= share), "the evening goes on", DrainLimit);
            await role.KillAsync();
            await role.StartAgainAsync();
        }

        telegram.Simulator.Faults.Add(new Fault(FaultKind.Restart) { Seconds = 1 });
    }

    private static Task DrainAsync(GatedTelegram telegram, SplitRafaga rafaga) => Eventually.TrueAsync(
        async () =>
        {
            using var answer = await rafaga.Worker.Http.GetAsync(new Uri($"{telegram.Url}/bot{GatedTelegram.Token}/getWebhookInfo"), Cancellation);
            if (!answer.IsSuccessStatusCode || (int)(await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["result"]!["pending_update_count"]! > 0) return false;
            var counts = (await rafaga.Worker.GetAsync("/api/status"))["counts"]!;
            return (int)counts["open"]! + (int)counts["sealed"]! + (int)counts["leased"]! + (int)counts["retry"]! == 0;
        },
        "everything is answered",
        DrainLimit);
}
