using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Batching;
using Rafaga.FrontDoor;
using Rafaga.Settings;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests.FrontDoor;

/// <summary>What the outermost layer does, whatever stands behind it.</summary>
public sealed class LimitTests
{
    private const int PerMinute = 10;
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_address_may_ask_so_much_in_a_minute_and_is_told_when_to_come_back()
    {
        await using var app = await StartAsync(("Dashboard:Password", "a password of the tests"), ("Dashboard:Url", "https://example.org/"));
        for (var i = 0; i < PerMinute; i++) Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, "203.0.113.9")).Status);

        var (status, line, retryAfter) = await AskAsync(app, "203.0.113.9");
        Assert.Equal((HttpStatusCode.TooManyRequests, "6"), (status, retryAfter));
        Assert.Contains("Too many requests", line, StringComparison.Ordinal);
        // What the first of a chain claims is only a claim.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(app, "198.51.100.7, 203.0.113.9")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, "203.0.113.10")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, "203.0.113.9", path: "/health/live")).Status);

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, "203.0.113.9")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(app, "203.0.113.9")).Status);
    }

    [Fact]
    public async Task One_network_of_the_new_kind_is_one_address()
    {
        await using var app = await StartAsync(("Dashboard:Password", "a password of the tests"), ("Dashboard:Url", "https://example.org/"));
        for (var i = 0; i < PerMinute; i++) Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, $"2001:db8::{i + 1:x}")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(app, "2001:db8::ffff")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, "2001:db8:0:1::1")).Status);
    }

    [Fact]
    public async Task Without_a_proxy_nobody_chooses_the_address_that_is_counted()
    {
        await using var app = await StartAsync(("Dashboard:Password", "a password of the tests"));
        for (var i = 0; i < PerMinute; i++) Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, $"203.0.113.{i}")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(app, "203.0.113.99")).Status);
    }

    [Fact]
    public async Task On_a_machine_of_ones_own_nothing_is_counted()
    {
        await using var app = await StartAsync();
        for (var i = 0; i < PerMinute * 3; i++) Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, null)).Status);
    }

    [Theory]
    [InlineData("/fails", 500, "Something failed here; the log of this process says what.")]
    [InlineData("/away", 503, "Redis at 127.0.0.1:1 cannot be reached.")]
    public async Task Whatever_fails_answers_with_one_line_and_all_headers(string path, int expected, string line)
    {
        await using var app = await StartAsync();
        using var response = await app.Http.GetAsync(path, Cancellation);
        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal($$"""{"error":"{{line}}"}""", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(expected == 503, response.Headers.Contains("Retry-After"));
    }

    private Task<LoopbackApp> StartAsync(params (string Name, string? Value)[] settings)
    {
        var all = settings.Append(("Server:RequestsPerMinute", "10")).ToDictionary(pair => $"Rafaga:{pair.Item1}", pair => pair.Item2);
        var read = SettingsLoader.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
        return LoopbackApp.StartAsync(
            services =>
            {
                services.AddSingleton<TimeProvider>(_time);
                services.AddFrontDoor(read);
            },
            routes =>
            {
                routes.MapGet("/", () => "ok");
                routes.MapGet("/health/live", () => "ok");
                routes.MapGet("/fails", string () => throw new InvalidOperationException("a fault with a secret in it"));
                routes.MapGet("/away", string () => throw new BatchStoreException("Redis at 127.0.0.1:1 cannot be reached."));
            },
            Cancellation);
    }

    private static async Task<(HttpStatusCode Status, string Line, string? RetryAfter)> AskAsync(LoopbackApp app, string? forwardedFor, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (forwardedFor is not null) request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var response = await app.Http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation), response.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null);
    }
}
