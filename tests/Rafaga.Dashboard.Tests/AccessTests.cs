using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Rafaga.Dashboard.Access;
using Xunit;

namespace Rafaga.Dashboard.Tests;

/// <summary>With a password: who comes in, and who may do what.</summary>
public sealed partial class AccessTests
{
    private const string Password = "correct horse";
    private const string ReaderPassword = "battery staple";

    // Hashing is meant to be slow; once for all tests is enough.
    private static readonly string Hash = PasswordHash.Of(Password).ToString();
    private static readonly string ReaderHash = PasswordHash.Of(ReaderPassword).ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/batches")]
    [InlineData("GET", "/batches/0190")]
    [InlineData("GET", "/dead")]
    [InlineData("GET", "/memories")]
    [InlineData("GET", "/memories/photos/abc")]
    [InlineData("GET", "/system")]
    [InlineData("GET", "/samples/cake.jpg")]
    [InlineData("GET", "/api/status")]
    [InlineData("GET", "/api/batches")]
    [InlineData("GET", "/api/windows/events")]
    [InlineData("POST", "/api/windows/1001/flush")]
    [InlineData("POST", "/dead/retry")]
    [InlineData("POST", "/batches/0190/replay")]
    [InlineData("POST", "/simulator/people")]
    [InlineData("GET", "/anything")]
    public async Task Every_door_is_closed_to_strangers(string method, string path)
    {
        await using var app = await StartAsync();
        using var http = Client(app);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await http.SendAsync(request, Cancellation);

        var page = method == "GET" && !path.StartsWith("/api", StringComparison.Ordinal);
        Assert.Equal(page ? HttpStatusCode.Redirect : HttpStatusCode.Unauthorized, response.StatusCode);
        if (page) Assert.Equal("/login?next=" + Uri.EscapeDataString(path), response.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("webhook-signature", "v1,AAAA")]
    [InlineData("Cookie", "rafaga-session=0000")]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Basic Y29ycmVjdDpob3JzZQ==")]
    public async Task No_header_opens_a_door(string name, string value)
    {
        await using var app = await StartAsync();

        Assert.Equal(401, (await app.SendAsync(HttpMethod.Get, "/api/batches", (name, value))).Status);
    }

    [Fact]
    public async Task Signing_in_opens_the_page_that_was_asked_for_with_a_cookie_that_scripts_and_other_sites_never_see()
    {
        await using var app = await StartAsync();
        using var http = Client(app);

        using var response = await SignInAsync(http, Password, "/batches?state=open");

        Assert.Equal("/batches?state=open", response.Headers.Location!.ToString());
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/batches", Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("//elsewhere.example")]
    [InlineData("https://elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_leads_to_no_other_site(string next)
    {
        await using var app = await StartAsync();
        using var http = Client(app);

        using var response = await SignInAsync(http, Password, next);

        Assert.Equal("/", response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Signing_out_ends_the_session_for_good()
    {
        await using var app = await StartAsync();
        using var http = Client(app);
        using var signedIn = await SignInAsync(http, Password);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var token = Token(await http.GetStringAsync("/batches", Cancellation));

        using var form = Form(("_token", token));
        (await http.PostAsync("/logout", form, Cancellation)).Dispose();

        Assert.Equal(401, (await app.SendAsync(HttpMethod.Get, "/api/batches", ("Cookie", cookie))).Status);
    }

    [Fact]
    public async Task A_session_that_nobody_uses_ends()
    {
        await using var app = await StartAsync();
        using var http = Client(app);
        (await SignInAsync(http, Password)).Dispose();
        app.Time.Advance(Sessions.Idle - TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/batches", Cancellation)).StatusCode);

        app.Time.Advance(Sessions.Idle + TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.Redirect, (await http.GetAsync("/batches", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_right_password_is_answered_at_once_while_wrong_ones_wait_longer_and_longer()
    {
        await using var app = await StartAsync();
        using var http = Client(app);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(http, "wrong")).StatusCode);

        var fourth = SignInAsync(http, "wrong");
        await app.Time.WaitForTimersAsync(1, Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(http, Password)).StatusCode);
        Assert.False(fourth.IsCompleted);
        app.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Unauthorized, (await fourth).StatusCode);
    }

    [Fact]
    public async Task A_crowd_of_wrong_ones_does_not_keep_the_right_one_out()
    {
        await using var app = await DashboardApp.StartAsync(password: Hash, loginsPerMinute: 100);
        using var http = Client(app);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(http, "wrong")).StatusCode);
        List<Task<HttpResponseMessage>> waiting = [];
        for (var i = 1; i <= 8; i++)
        {
            waiting.Add(SignInAsync(http, "wrong"));
            await app.Time.WaitForTimersAsync(i, Cancellation);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignInAsync(http, "wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(http, Password)).StatusCode);

        app.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
    }

    [Theory]
    [InlineData("/bot1000000001:simulated-chat-on-this-machine/getUpdates")]
    [InlineData("/file/bot1000000001:simulated-chat-on-this-machine/photos/file_1.jpg")]
    public async Task The_simulated_chat_has_no_door_for_those_that_a_proxy_lets_in(string path)
    {
        await using var app = await StartAsync();
        using var http = Client(app);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(path, Cancellation)).StatusCode);

        using var outside = new HttpRequestMessage(HttpMethod.Get, path);
        outside.Headers.Add("X-Forwarded-For", "203.0.113.9");

        Assert.Equal(HttpStatusCode.Redirect, (await http.SendAsync(outside, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task So_many_passwords_of_one_address_are_looked_at_in_a_minute_and_no_more()
    {
        await using var app = await DashboardApp.StartAsync(password: Hash, loginsPerMinute: 4);
        using var http = Client(app);
        using var program = Client(app);
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Password);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/batches", Cancellation)).StatusCode);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(http, "wrong")).StatusCode);

        // The right one, too: else whoever guesses would be told.
        using var refused = await SignInAsync(http, Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("15", refused.Headers.GetValues("Retry-After").Single());
        var (status, body) = await app.SendAsync(HttpMethod.Get, "/api/batches", ("Authorization", "Bearer guessed"));
        Assert.Equal((429, "Too many passwords from this address; try again in 15 s."), (status, (string?)body["error"]));

        // Who is known stays known.
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/batches", Cancellation)).StatusCode);
        app.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(http, Password)).StatusCode);
    }

    [Fact]
    public async Task Nothing_behind_the_login_stays_in_a_cache_and_a_proxy_shows_no_figures()
    {
        await using var app = await StartAsync();
        using var http = Client(app);
        (await SignInAsync(http, Password)).Dispose();

        Assert.Equal("no-store", (await http.GetAsync("/batches", Cancellation)).Headers.CacheControl!.ToString());
        Assert.Equal("no-store", (await http.GetAsync("/api/batches", Cancellation)).Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/metrics", Cancellation)).StatusCode);
        using var outside = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        outside.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var stranger = Client(app);
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.SendAsync(outside, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_reader_sees_everything_and_changes_nothing()
    {
        await using var app = await StartAsync();
        await app.AppendTextAsync("Hola");
        var dead = await app.BuryAsync("away");
        using var http = Client(app);
        (await SignInAsync(http, ReaderPassword)).Dispose();

        var html = await http.GetStringAsync($"/batches/{dead}?lang=en", Cancellation);
        using var form = Form(("_token", Token(html)));

        Assert.DoesNotContain("Try again", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync($"/batches/{dead}/replay", form, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/batches", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_form_needs_the_token_of_its_own_session_and_must_come_from_our_pages()
    {
        await using var app = await StartAsync();
        await app.AppendTextAsync("Hola");
        var dead = await app.BuryAsync("away");
        using var http = Client(app);
        using var other = Client(app);
        (await SignInAsync(http, Password)).Dispose();
        (await SignInAsync(other, Password)).Dispose();
        var (own, foreign) = (Token(await http.GetStringAsync("/batches", Cancellation)), Token(await other.GetStringAsync("/batches", Cancellation)));

        Assert.NotEqual(own, foreign);
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(null, null));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(foreign, null));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(own, "https://elsewhere.example"));
        Assert.Equal("dead", (string?)(await GetAsync())["state"]);
        Assert.Equal(HttpStatusCode.Redirect, await PostAsync(own, app.BaseUrl.GetLeftPart(UriPartial.Authority)));
        Assert.Equal("sealed", (string?)(await GetAsync())["state"]);

        async Task<HttpStatusCode> PostAsync(string? token, string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/batches/{dead}/replay") { Content = Form(("_token", token ?? "")) };
            if (origin is not null) request.Headers.Add("Origin", origin);
            using var response = await http.SendAsync(request, Cancellation);
            return response.StatusCode;
        }

        async Task<System.Text.Json.Nodes.JsonNode> GetAsync() => System.Text.Json.Nodes.JsonNode.Parse(await http.GetStringAsync($"/api/batches/{dead}", Cancellation))!;
    }

    [Fact]
    public async Task A_program_names_the_password_with_each_request()
    {
        await using var app = await StartAsync();
        await app.AppendTextAsync("Hola");
        using var http = Client(app);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Password);

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/batches", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync("/api/windows/1001/flush", null, Cancellation)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ReaderPassword);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync("/api/windows/1001/flush", null, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Behind_a_proxy_links_have_its_prefix_and_the_cookie_is_for_https_alone()
    {
        await using var app = await DashboardApp.StartAsync(password: Hash, publicUrl: new Uri("https://example.org/rafaga"));
        using var http = Client(app);

        using var signedIn = await SignInAsync(http, Password, "/batches", "/rafaga/login");
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/batches");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var response = await http.SendAsync(request, Cancellation);
        var html = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/rafaga", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("/rafaga/batches", signedIn.Headers.Location!.ToString());
        Assert.Contains("href=\"/rafaga/dead\"", html, StringComparison.Ordinal);
        Assert.Contains("data-base=\"/rafaga\"", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(href|src|action)=\"/(?!rafaga)", html);
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/batches")]
    [InlineData("/api/batches")]
    [InlineData("/assets/x/base.css")]
    public async Task Every_answer_carries_the_headers_that_keep_a_page_safe(string path)
    {
        await using var app = await StartAsync();
        using var http = Client(app);

        using var response = await http.GetAsync(path, Cancellation);

        Assert.Contains("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
    }

    [Fact]
    public void A_hash_knows_its_password_and_no_other_and_holds_neither()
    {
        var read = PasswordHash.Read(Hash);

        Assert.True(read.Matches(Password));
        Assert.False(read.Matches(Password + " "));
        Assert.False(read.Matches(""));
        Assert.DoesNotContain(Password, Hash, StringComparison.Ordinal);
        Assert.NotEqual(Hash, PasswordHash.Of(Password).ToString());
    }

    [Theory]
    [InlineData("pbkdf2-sha512$210000$AAAA")]
    [InlineData("pbkdf2-sha512$1$AAAA$AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("pbkdf2-sha512$210000$AAAA$not base 64 at all")]
    public void A_hash_that_is_none_is_refused(string text) => Assert.Throws<FormatException>(() => PasswordHash.Read(text));

    private static Task<DashboardApp> StartAsync() => DashboardApp.StartAsync(password: Hash, reader: ReaderHash);

    private static HttpClient Client(DashboardApp app) => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.BaseUrl };

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient http, string password, string next = "/", string path = "/login")
    {
        using var form = Form(("password", password), ("next", next));
        return await http.PostAsync(path, form, Cancellation);
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    private static string Token(string html) => TokenOf().Match(html).Groups[1].Value;

    [GeneratedRegex("data-token=\"(\\w+)\"")]
    private static partial Regex TokenOf();
}
