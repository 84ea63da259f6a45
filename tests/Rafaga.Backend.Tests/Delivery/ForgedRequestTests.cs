using System.Globalization;
using System.Net;
using System.Text.Json;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

/// <summary>Whoever does not have the secret can do nothing, whatever they have seen of others' requests; and a request that is sent again does nothing again.</summary>
public sealed class ForgedRequestTests
{
    private const string Secret = "the secret of worker and backend";
    private const string Previous = "the secret they had before that";
    private const int Forgeries = 20_000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    [Fact]
    public async Task Of_twenty_thousand_forgeries_none_is_taken_and_what_is_replayed_has_no_second_effect()
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings(Secret));
        var now = host.Time.GetUtcNow().ToUnixTimeSeconds();
        var ana = Chat.Ana();
        var first = Signed(ana.Text("hola").Photo("photo1").Seal(), now, Secret);
        var second = Signed(ana.Text("adiós").Seal(), now, Secret);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(host, first));
        var asked = host.Model.Requests.Count;

        var random = new Random(20261127);
        var forgeries = Enumerable.Range(0, Forgeries).Select(i => Forge(i, first, second, now, random)).ToList();
        Assert.All(forgeries, forgery => Assert.False(forgery.IsSameAs(first) || forgery.IsSameAs(second)));
        var taken = 0;
        await Parallel.ForEachAsync(forgeries, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (forgery, _) =>
        {
            // 400 is the web server's own, for headers that are none.
            if (await PostAsync(host, forgery) is not (HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest)) Interlocked.Increment(ref taken);
        });
        Assert.Equal(0, taken);

        for (var i = 0; i < 100; i++) Assert.Equal(HttpStatusCode.OK, await PostAsync(host, first));
        Assert.Equal(asked, host.Model.Requests.Count);
        await using var db = host.Open();
        Assert.Equal((1, 1), (db.Memories.Count(), db.Batches.Count()));
    }

    [Fact]
    public async Task Two_secrets_are_live_while_they_are_changed()
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings(Secret) { PreviousSecret = Previous });
        var now = host.Time.GetUtcNow().ToUnixTimeSeconds();
        var ana = Chat.Ana();
        Assert.Equal(HttpStatusCode.OK, await PostAsync(host, Signed(ana.Text("uno").Seal(), now, Previous)));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(host, Signed(ana.Text("dos").Seal(), now, Secret)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(host, Signed(ana.Text("tres").Seal(), now, "the secret before those two")));
    }

    private static Request Signed(BatchRequest batch, long at, string secret)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(batch, ContractsJson.Default.BatchRequest);
        return new Request(batch.BatchId, Text(at), RequestSignature.Sign(secret, batch.BatchId, at, body), body);
    }

    private static Request Forge(int kind, Request first, Request second, long now, Random random)
    {
        var request = random.Next(2) == 0 ? first : second;
        var other = ReferenceEquals(request, first) ? second : first;
        return (kind % 12) switch
        {
            0 or 1 or 2 => request with { Body = Flipped(request.Body, random) },
            3 => request with { Body = other.Body },
            4 => request with { Id = Changed(request.Id, random) },
            5 => request with { Id = other.Id },
            6 => request with { Timestamp = Text(now + random.Next(1, 300)) },
            // Honestly signed, at another time: what somebody has recorded and sends later, or a clock that is off.
            7 => Again(request, now - random.Next(301, 100_000)),
            8 => Again(request, now + random.Next(301, 100_000)),
            9 => request with { Signature = "v1," + Changed(request.Signature![3..], random) },
            10 => request with { Signature = RequestSignature.Sign("a secret that is a guess " + kind.ToString(CultureInfo.InvariantCulture), request.Id!, now, request.Body) },
            _ => random.Next(4) switch
            {
                0 => request with { Signature = null },
                1 => request with { Timestamp = null },
                2 => request with { Id = null },
                _ => request with { Body = request.Body[..random.Next(request.Body.Length)] },
            },
        };

        static Request Again(Request request, long at) => request with { Timestamp = Text(at), Signature = RequestSignature.Sign(Secret, request.Id!, at, request.Body) };
    }

    private static byte[] Flipped(byte[] body, Random random)
    {
        var flipped = body.ToArray();
        flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private static string Changed(string? text, Random random)
    {
        var letters = text!.ToCharArray();
        var place = random.Next(letters.Length);
        letters[place] = Alphabet[(Alphabet.IndexOf(letters[place], StringComparison.Ordinal) + 1 + random.Next(Alphabet.Length - 1)) % Alphabet.Length];
        return new string(letters) is var changed && changed != text ? changed : text + "x";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<HttpStatusCode> PostAsync(BackendHost host, Request forged)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, BatchEndpoint.Path) { Content = new ByteArrayContent(forged.Body) };
        request.Content.Headers.ContentType = new("application/json");
        Add(RequestSignature.IdHeader, forged.Id);
        Add(RequestSignature.TimestampHeader, forged.Timestamp);
        Add(RequestSignature.SignatureHeader, forged.Signature);
        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;

        void Add(string name, string? value)
        {
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private sealed record Request(string? Id, string? Timestamp, string? Signature, byte[] Body)
    {
        public bool IsSameAs(Request other) => (Id, Timestamp, Signature) == (other.Id, other.Timestamp, other.Signature) && Body.AsSpan().SequenceEqual(other.Body);
    }
}
