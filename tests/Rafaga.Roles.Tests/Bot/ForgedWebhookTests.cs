using System.Net;
using System.Net.Sockets;
using System.Text;
using Rafaga.Bot.Intake;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

/// <summary>Whoever does not know the secret gets nothing in, whatever they try.</summary>
public sealed class ForgedWebhookTests
{
    private const int Calls = 10_000;
    private const int Connections = 8;

    [Fact]
    public async Task Of_10_000_forged_calls_none_is_accepted()
    {
        await using var rig = await WebhookRig.StartAsync();
        var accepted = await Task.WhenAll(Enumerable.Range(0, Connections).Select(part => ForgeAsync(rig, part)));
        Assert.Equal(Calls, accepted.Sum(answers => answers.Count));
        Assert.All(accepted.SelectMany(answers => answers), status => Assert.True(status is 400 or 401 or 413, $"answered {status}"));
        Assert.Contains(accepted.SelectMany(answers => answers), status => status == 401);
        Assert.Empty(await rig.StoredAsync());
        Assert.Empty(rig.Rejected);
        Assert.InRange(rig.Log.Visible.Count(line => line.Contains("without its secret", StringComparison.Ordinal)), 1, 14);
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync(Text(1, 1, "The right one is taken still").Json));
    }

    [Fact]
    public async Task Of_a_forged_call_the_body_is_not_even_asked_for()
    {
        await using var rig = await WebhookRig.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(rig.Url.Host, rig.Url.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {WebhookEndpoint.Path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5000000000\r\n{WebhookEndpoint.SecretHeader}: wrong\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 401", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<List<int>> ForgeAsync(WebhookRig rig, int part)
    {
        var random = new Random(part);
        List<int> answers = [];
        TcpClient? client = null;
        StreamReader? reader = null;
        for (var i = part; i < Calls; i += Connections)
        {
            if (client is null)
            {
                client = new TcpClient { NoDelay = true };
                await client.ConnectAsync(rig.Url.Host, rig.Url.Port, TestContext.Current.CancellationToken);
                reader = new StreamReader(client.GetStream());
            }

            // Every now and then a huge one, of which only the head is sent.
            var huge = i % 250 == 2;
            await client.GetStream().WriteAsync(Forge(i, huge, random), TestContext.Current.CancellationToken);
            var (status, closes) = await ReadAsync(reader!);
            answers.Add(status);
            if (!closes && !huge) continue;
            client.Dispose();
            client = null;
        }

        client?.Dispose();
        return answers;
    }

    private static byte[] Forge(int i, bool huge, Random random)
    {
        var body = Text(i + 1, i + 1, "forged").Json;
        var length = Encoding.UTF8.GetByteCount(body);
        var headers = (i % 12) switch
        {
            0 => "",
            1 => Header(""),
            2 => Header(Flip(WebhookRig.Secret, random)),
            3 => Header(WebhookRig.Secret[..^1]),
            4 => Header(WebhookRig.Secret + "x"),
            5 => Header(WebhookRig.Secret.ToUpperInvariant()),
            6 => Header(WebhookRig.Secret) + Header(WebhookRig.Secret),
            7 => Header("wrong") + Header(WebhookRig.Secret),
            8 => Header($"{WebhookRig.Secret},{WebhookRig.Secret}"),
            9 => $"Authorization: Bearer {WebhookRig.Secret}\r\nX-Telegram-Bot-Api-Secret: {WebhookRig.Secret}\r\n",
            10 => Header(new string('x', random.Next(1, 8000))),
            _ => Header(WebhookRig.Secret[..random.Next(WebhookRig.Secret.Length)]),
        };
        return Encoding.UTF8.GetBytes($"POST {WebhookEndpoint.Path} HTTP/1.1\r\nHost: x\r\nContent-Length: {(huge ? 50_000_000 : length)}\r\n{headers}\r\n{(huge ? "" : body)}");

        static string Header(string value) => $"{WebhookEndpoint.SecretHeader}: {value}\r\n";
    }

    private static string Flip(string secret, Random random)
    {
        var letters = secret.ToCharArray();
        var place = random.Next(letters.Length);
        letters[place] = letters[place] == 'q' ? 'r' : 'q';
        return new string(letters);
    }

    private static async Task<(int Status, bool Closes)> ReadAsync(StreamReader reader)
    {
        var status = await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new IOException("The server closed without an answer.");
        var closes = false;
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } header)
        {
            closes |= header.StartsWith("Connection: close", StringComparison.OrdinalIgnoreCase);
        }

        return (int.Parse(status.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), closes);
    }
}
