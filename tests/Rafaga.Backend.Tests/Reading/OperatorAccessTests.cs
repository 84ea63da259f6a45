using System.Net;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Reading;

public sealed class OperatorAccessTests
{
    private const string Secret = "a-secret-of-more-than-16";
    private static readonly string[] Reads = ["/api/memories?limit=5", "/api/events", "/api/runs?batch=b", "/api/export", "/api/photos/0000", "/api/memories/00000000-0000-0000-0000-000000000000"];
    private static readonly string[] Writes = [.. new[] { "hide", "delete", "show", "undo" }.Select(name => $"/api/memories/00000000-0000-0000-0000-000000000000/{name}?revision=1&change=1")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task This_machine_needs_no_signature_unless_the_options_say_so()
    {
        await using var open = await BackendHost.StartAsync(settings: new BackendHost.Settings(Secret));
        await using var closed = await open.AnotherAsync(new BackendHost.Settings(Secret) { OpenOnLoopback = false });
        foreach (var request in All())
        {
            Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(open, request.Method, request.Target));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(closed, request.Method, request.Target));
            Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(closed, request.Method, request.Target, Sign(open)));
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Whoever_comes_through_a_proxy_is_not_this_machine(string header, string value)
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings(Secret));
        foreach (var (method, target) in All()) Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, method, target, request => request.Headers.Add(header, value)));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task A_page_of_another_site_changes_nothing(string header, string value)
    {
        await using var host = await BackendHost.StartAsync();
        foreach (var target in Writes) Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host, HttpMethod.Post, target, request => request.Headers.Add(header, value)));
    }

    [Fact]
    public async Task A_signature_that_is_not_exactly_this_request_is_refused()
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings(Secret) { OpenOnLoopback = false });
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var (method, target) = All()[random.Next(All().Count)];
            var mutation = random.Next(6);
            var status = await StatusAsync(host, method, target, request =>
            {
                var (signedTarget, secret, at) = mutation switch
                {
                    0 => (target + "&limit=200", Secret, host.Time.GetUtcNow()),
                    1 => (target, Secret + "x", host.Time.GetUtcNow()),
                    2 => (target, Secret, host.Time.GetUtcNow() - TimeSpan.FromSeconds(301 + random.Next(10_000))),
                    3 => (target, Secret, host.Time.GetUtcNow() + TimeSpan.FromSeconds(301 + random.Next(10_000))),
                    _ => (target, Secret, host.Time.GetUtcNow()),
                };
                using var other = new HttpRequestMessage(mutation == 4 ? HttpMethod.Delete : method, target);
                OperatorRequest.Sign(other, signedTarget, secret, at);
                foreach (var header in other.Headers) request.Headers.Add(header.Key, mutation == 5 ? Flip(header.Key, header.Value.Single(), random) : header.Value.Single());
            });
            Assert.True(status == HttpStatusCode.Unauthorized, $"{mutation} {method} {target}");
        }
    }

    private static string Flip(string name, string value, Random random)
    {
        if (name == RequestSignature.IdHeader) return value;
        var at = random.Next(value.Length - (name == RequestSignature.SignatureHeader ? 2 : 0));
        var flipped = value[at] == '7' ? '8' : '7';
        return value[..at] + flipped + value[(at + 1)..];
    }

    private static List<(HttpMethod Method, string Target)> All() => [.. Reads.Select(target => (HttpMethod.Get, target)), .. Writes.Select(target => (HttpMethod.Post, target))];

    private static Action<HttpRequestMessage> Sign(BackendHost host) => request => OperatorRequest.Sign(request, request.RequestUri!.OriginalString, Secret, host.Time.GetUtcNow());

    private static async Task<HttpStatusCode> StatusAsync(BackendHost host, HttpMethod method, string target, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(method, target);
        with?.Invoke(request);
        using var response = await host.Http.SendAsync(request, Token);
        return response.StatusCode;
    }
}
