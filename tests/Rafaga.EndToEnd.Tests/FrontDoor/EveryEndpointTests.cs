using System.Net;
using Xunit;

namespace Rafaga.EndToEnd.Tests.FrontDoor;

/// <summary>What holds at every address of every role; a new endpoint is asked as soon as it is mapped.</summary>
public sealed class EveryEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly (string, string?)[] Local = [];
    private static readonly (string, string?)[] Closed = [("Dashboard:Password", "a password of the tests"), ("Backend:Secret", "a secret of the tests")];
    private static readonly (string, string?)[] BackendAlone = [("Server:Roles", "backend"), ("Backend:Secret", "a secret of the tests"), ("Telegram:BotToken", "1:nobody-is-asked-about-this-one"), ("Telegram:ApiBaseUrl", "http://127.0.0.1:1")];
    private static readonly (string, string?)[] Webhook = [("Telegram:Mode", "webhook"), ("Telegram:BotToken", "1:nobody-is-asked-about-this-one"), ("Telegram:ApiBaseUrl", "http://127.0.0.1:1")];

    public static TheoryData<string> Hosts => ["local", "closed", "backend alone", "webhook"];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Every_answer_has_the_headers_that_keep_a_browser_safe(string which)
    {
        await using var host = await StartAsync(which);
        (HttpMethod, string)[] others = [(HttpMethod.Get, "/no/such/page"), (HttpMethod.Delete, "/"), (HttpMethod.Post, "/api/nothing")];
        List<string> faults = [];
        foreach (var (method, path) in host.Endpoints.Concat(others))
        {
            using var response = await SendAsync(host, method, path);
            var policy = Header("Content-Security-Policy");
            if (!policy.Contains("default-src 'self'", StringComparison.Ordinal) && !policy.Contains("default-src 'none'", StringComparison.Ordinal)) faults.Add($"{method} {path} has no content policy");
            if (policy.Contains("unsafe", StringComparison.Ordinal)) faults.Add($"{method} {path} lets inline scripts run");
            if (!policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal) && !policy.Contains("sandbox", StringComparison.Ordinal)) faults.Add($"{method} {path} may stand in a frame");
            if (Header("X-Content-Type-Options") != "nosniff") faults.Add($"{method} {path} may be taken for another type");
            if (Header("Referrer-Policy") != "same-origin") faults.Add($"{method} {path} tells other sites where one was");
            if (Header("Cross-Origin-Opener-Policy") != "same-origin") faults.Add($"{method} {path} can be reached from a window of others");
            if (response.Headers.Contains("Server")) faults.Add($"{method} {path} says what server it is");
            // Readiness is allowed to say no.
            if ((int)response.StatusCode >= 500 && path != "/health/ready" && which is not "webhook") faults.Add($"{method} {path} fails with {(int)response.StatusCode}");

            string Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
        }

        Assert.Equal([], faults);
    }

    [Fact]
    public async Task With_a_password_only_these_addresses_answer_a_stranger()
    {
        await using var host = await StartAsync("closed");
        List<string> open = [];
        foreach (var (method, path) in host.Endpoints)
        {
            using var response = await SendAsync(host, method, path);
            var closed = response.StatusCode == HttpStatusCode.Unauthorized || response.Headers.Location?.ToString().StartsWith("/login?next=", StringComparison.Ordinal) == true;
            if (!closed) open.Add($"{method} {path}");
        }

        // Each of them gives nothing away, or shows its own secret: the batch's signature, the token of the simulated chat in the path.
        Assert.Equal(
            ["GET /assets/1/1", "GET /health/live", "GET /health/ready", "GET /login", "GET /metrics"],
            open.Where(address => !address.Contains("/bot1/", StringComparison.Ordinal) && address is not "POST /login").Order(StringComparer.Ordinal));
        Assert.Contains(host.Endpoints, endpoint => endpoint.Path == "/webhook/batch");
        Assert.True(host.Endpoints.Count > 50);
    }

    [Fact]
    public async Task Every_post_of_a_browser_needs_the_token_of_its_page()
    {
        await using var host = await StartAsync("local");
        var checkedOnes = 0;
        foreach (var (method, path) in host.Endpoints.Where(endpoint => endpoint.Method != HttpMethod.Get && !Elsewhere(endpoint.Path)))
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            using var response = await host.Http.SendAsync(request, Cancellation);
            Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{method} {path} → {response.StatusCode}");
            checkedOnes++;
        }

        Assert.True(checkedOnes >= 15);

        // Signed, with a token in the path, or the login itself.
        static bool Elsewhere(string path) => path.StartsWith("/webhook", StringComparison.Ordinal) || path.StartsWith("/bot", StringComparison.Ordinal) || path.StartsWith("/file", StringComparison.Ordinal) || path == "/login";
    }

    [Fact]
    public async Task A_backend_alone_answers_nobody_without_a_signature()
    {
        await using var host = await StartAsync("backend alone");
        foreach (var (method, path) in host.Endpoints.Where(endpoint => !endpoint.Path.StartsWith("/health", StringComparison.Ordinal) && endpoint.Path != "/metrics"))
        {
            using var response = await SendAsync(host, method, path);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} → {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Whoever_may_not_know_learns_only_whether_it_is_ready()
    {
        await using var host = await StartAsync("local");
        var here = await Rafaga.Testing.Eventually.SomethingAsync(
            async () =>
            {
                using var ready = await host.Http.GetAsync("/health/ready", Cancellation);
                return ready.IsSuccessStatusCode ? await ready.Content.ReadAsStringAsync(Cancellation) : null;
            },
            "it is ready");
        Assert.Contains("lag_seconds", here, StringComparison.Ordinal);
        Assert.Contains("last_poll_seconds", here, StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var response = await host.Http.SendAsync(request, Cancellation);
        Assert.Equal("""{"status":"ready"}""", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_body_that_is_too_large_gets_one_line_wherever_it_is_read()
    {
        await using var host = await StartAsync("closed");
        foreach (var path in new[] { "/webhook/batch", "/webhook", "/webhook/command", "/webhook/access", "/webhook/language", "/webhook/export", "/login" })
        {
            // Without a length, so that only reading tells.
            using var content = new StreamContent(new MemoryStream(new byte[path == "/login" ? 10_000 : (1 << 20) + 1]));
            content.Headers.ContentType = new("application/x-www-form-urlencoded");
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            request.Headers.TransferEncodingChunked = true;
            using var response = await host.Http.SendAsync(request, Cancellation);
            var line = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True(response.StatusCode == HttpStatusCode.RequestEntityTooLarge, $"{path} → {response.StatusCode} {line}");
            Assert.Matches("""^\{"error":"The body is over \d+ bytes\."[^\n]*\}$""", line);
        }
    }

    private static Task<WholeHost> StartAsync(string which) => WholeHost.StartAsync(which switch
    {
        "local" => Local,
        "closed" => Closed,
        "backend alone" => BackendAlone,
        _ => Webhook,
    });

    // Only the head: some answers have no end.
    private static async Task<HttpResponseMessage> SendAsync(WholeHost host, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }
}
