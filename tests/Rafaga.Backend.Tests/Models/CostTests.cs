using System.Globalization;
using Rafaga.Backend.Prompts;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Rafaga.FakeModels;
using Xunit;

namespace Rafaga.Backend.Tests.Models;

/// <summary>What the worked example costs as one batch and message by message, by the vendor's own bill.</summary>
public sealed class CostTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_batch_of_five_costs_less_than_five_messages_alone(bool warm)
    {
        var batch = await BillAsync(warm, chat => [chat.Text("Hola").Text("Mira estas fotos").Photo("photo1").Photo("photo2").Photo("photo3").Seal()]);
        var single = await BillAsync(warm, chat =>
        [
            chat.Text("Hola").Seal(), chat.Text("Mira estas fotos").Seal(), chat.Photo("photo1").Seal(), chat.Photo("photo2").Seal(), chat.Photo("photo3").Seal(),
        ]);

        output.WriteLine(warm ? "The vendor's cache is warm:" : "The first of the day:");
        output.WriteLine("| | replies | model calls | tokens read | of these cached | tokens written | US$ |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        output.WriteLine(Row("one batch of five", batch));
        output.WriteLine(Row("five messages alone", single));
        Assert.Equal((1, 2), (batch.Replies, batch.Lines.Count));
        Assert.Equal((5, 8), (single.Replies, single.Lines.Count));
        Assert.True(batch.Lines.Sum(line => line.Usage.Read) * 3 < single.Lines.Sum(line => line.Usage.Read));
        Assert.True(batch.Usd * (warm ? 2 : 1) < single.Usd, $"{batch.Usd} against {single.Usd}");
    }

    private static async Task<Bill> BillAsync(bool warm, Func<Chat, IReadOnlyList<BatchRequest>> write)
    {
        await using var fake = await FakeVendor.StartAsync(settings: new BackendHost.Settings { Prompt = PromptPack.Load(PromptPack.DefaultFolder) });
        if (warm) await fake.Host.ReplyAsync(Chat.Luis().Text("Hello").Seal());
        var before = fake.Server.Ledger.Lines.Count;
        var requests = write(Chat.Ana());
        foreach (var request in requests) await fake.Host.ReplyAsync(request);
        Assert.Equal(3, (await fake.Host.MemoriesAsync()).Count);
        return new Bill(requests.Count, [.. fake.Server.Ledger.Lines.Skip(before)]);
    }

    private static string Row(string name, Bill bill) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {bill.Replies} | {bill.Lines.Count} | {bill.Lines.Sum(line => line.Usage.Read)} | {bill.Lines.Sum(line => line.Usage.CacheRead)} | {bill.Lines.Sum(line => line.Usage.Output)} | {bill.Usd:0.0000} |");

    private sealed record Bill(int Replies, IReadOnlyList<LedgerLine> Lines)
    {
        public decimal Usd => Lines.Sum(line => line.Usd);
    }
}
