using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>Wrong input gets one clear line that names the fix, and loses nothing.</summary>
public sealed class BadInputTests(SharedRafaga shared) : IClassFixture<SharedRafaga>
{
    private readonly RafagaProcess _rafaga = shared.Process;

    [Theory]
    [InlineData("RAFAGA__WINDOW__QUIETSECOND", "5", "RAFAGA__WINDOW__QUIETSECONDS")]
    [InlineData("RAFAGA__WINDOW__QUIETSECONDS", "soon", "is not a number")]
    [InlineData("RAFAGA__WINDOW__QUIETSECONDS", "-1", "RAFAGA__WINDOW__QUIETSECONDS")]
    [InlineData("RAFAGA__WINDOW__MAXWAITSECONDS", "3", "RAFAGA__WINDOW__MAXWAITSECONDS")]
    [InlineData("RAFAGA__UI__LANGUAGE", "fr", "RAFAGA__UI__LANGUAGE")]
    [InlineData("TELEGRAM_BOT_TOKEN", "not-a-token", "@BotFather")]
    [InlineData("API_URL", "http://127.0.0.1:9/", "RAFAGA__BACKEND__SECRET")]
    [InlineData("API_URL", "nowhere", "API_URL")]
    [InlineData("RAFAGA__AGENT__PROVIDER", "gemini", "RAFAGA__AGENT__PROVIDER: must be anthropic, openai")]
    [InlineData("RAFAGA__AGENT__PROVIDER", "anthropic", "set ANTHROPIC_API_KEY")]
    [InlineData("RAFAGA__AGENT__PROVIDER", "openai", "RAFAGA__AGENT__BASEURL")]
    [InlineData("RAFAGA__AGENT__BASEURL", "http://127.0.0.1:9", "RAFAGA__AGENT__PROVIDER=openai")]
    [InlineData("RAFAGA__AGENT__BASEURL", "ftp://127.0.0.1", "RAFAGA__AGENT__PROVIDER=openai")]
    [InlineData("RAFAGA__AGENT__MAXROUNDS", "1", "RAFAGA__AGENT__MAXROUNDS")]
    [InlineData("ANTHROPIC_API_KEY", "not a key", "Copy it again")]
    [InlineData("ANTHROPIC_API_KEY_FILE", "/no/such/file", "ANTHROPIC_API_KEY_FILE: /no/such/file")]
    [InlineData("RAFAGA__TELEGRAM__MODE", "push", "must be polling or webhook")]
    [InlineData("RAFAGA__TELEGRAM__WEBHOOKURL", "https://bot.example.org", "RAFAGA__TELEGRAM__MODE=webhook")]
    [InlineData("RAFAGA__TELEGRAM__WEBHOOKURL", "bot.example.org", "such as https://")]
    [InlineData("RAFAGA__TELEGRAM__WEBHOOKSECRET", "canary", "32 to 256")]
    [InlineData("RAFAGA__TELEGRAM__GROUPS", "some", "must be mention or all")]
    [InlineData("RAFAGA__ACCESS__MODE", "vip", "must be open, allowlist, invite or off")]
    [InlineData("RAFAGA__ACCESS__MODE", "allowlist", "RAFAGA__ACCESS__ALLOWED")]
    [InlineData("RAFAGA__ACCESS__MODE", "invite", "rafaga invite")]
    [InlineData("RAFAGA__ACCESS__ALLOWED", "777, Ana R", "\"Ana R\" is neither an id")]
    [InlineData("RAFAGA__ACCESS__INVITECODE", "canary", "8 to 64")]
    [InlineData("RAFAGA__ACCESS__MESSAGESPERMINUTE", "0", "RAFAGA__ACCESS__MESSAGESPERMINUTE")]
    [InlineData("RAFAGA__SERVER__ROLES", "bot,boss", "boss")]
    [InlineData("RAFAGA__SERVER__ROLES", "4", "is no role")]
    [InlineData("RAFAGA__SERVER__ROLES", ",", "names no role")]
    [InlineData("RAFAGA__SERVER__ROLES", "bot,dashboard", "REDIS_URL")]
    [InlineData("RAFAGA__SERVER__ROLES", "dashboard", "REDIS_URL")]
    [InlineData("RAFAGA__SERVER__ROLES", "backend", "TELEGRAM_BOT_TOKEN")]
    [InlineData("RAFAGA__SERVER__ROLES", "bot,worker", "API_URL")]
    [InlineData("RAFAGA__SERVER__BIND", "everywhere", "0.0.0.0")]
    [InlineData("RAFAGA__SERVER__BIND", "0.0.0.0", "TELEGRAM_BOT_TOKEN")]
    [InlineData("RAFAGA__DASHBOARD__URL", "https://example.org/rafaga", "set RAFAGA__DASHBOARD__PASSWORD, too")]
    [InlineData("RAFAGA__LOGS__FORMAT", "xml", "must be line or json")]
    public async Task A_wrong_setting_stops_the_start_with_one_line(string name, string value, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("rafaga-e2e-");
        try
        {
            var (exitCode, output, error) = await RafagaProcess.RunAsync(new Dictionary<string, string> { [name] = value }, folder.FullName);
            Assert.Equal(2, exitCode);
            Assert.Empty(output);
            var line = Assert.Single(error.TrimEnd().Split('\n'));
            Assert.Contains(expected, line, StringComparison.Ordinal);
            if (name is "TELEGRAM_BOT_TOKEN" or "ANTHROPIC_API_KEY" || value == "canary") Assert.DoesNotContain(value, line, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_used_stops_the_start_with_one_line()
    {
        var folder = Directory.CreateTempSubdirectory("rafaga-e2e-");
        try
        {
            var file = Path.Combine(folder.FullName, "taken");
            await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
            var (exitCode, _, error) = await RafagaProcess.RunAsync(null, folder.FullName, "--data", Path.Combine(file, "data"));
            Assert.Equal(2, exitCode);
            Assert.Contains("--data", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_is_refused_and_names_the_first()
    {
        var (exitCode, _, error) = await RafagaProcess.RunAsync(_rafaga.Environment, _rafaga.DataFolder, "--data", _rafaga.DataFolder);
        Assert.Equal(2, exitCode);
        Assert.Contains(_rafaga.Http.BaseAddress!.ToString(), Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_moves_to_the_next_free_one_and_says_so()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var moved = await RafagaProcess.StartOnAsync(port);
        await using (moved)
        {
            Assert.NotEqual(port, moved.Http.BaseAddress!.Port);
            Assert.Contains($"Port {port} is taken", moved.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_port_that_others_count_on_does_not_move()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var environment = new Dictionary<string, string> { ["TELEGRAM_BOT_TOKEN"] = "123456:a-token-that-nobody-is-asked-about", ["RAFAGA__BACKEND__SECRET"] = "a secret of the tests" };
        var (exitCode, _, error) = await RafagaProcess.RunAsync(environment, _rafaga.DataFolder, "serve", "--roles", "backend", "--port", port, "--data", Path.Combine(_rafaga.DataFolder, "other"));
        Assert.Equal(2, exitCode);
        Assert.Contains($"Port {port}", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_lets_others_reach_it_needs_a_secret()
    {
        var environment = new Dictionary<string, string> { ["TELEGRAM_BOT_TOKEN"] = "123456:a-token-that-nobody-is-asked-about", ["RAFAGA__SERVER__BIND"] = "0.0.0.0" };
        var (exitCode, _, error) = await RafagaProcess.RunAsync(environment, _rafaga.DataFolder, "--data", Path.Combine(_rafaga.DataFolder, "other"));
        Assert.Equal(2, exitCode);
        Assert.Contains("RAFAGA__BACKEND__SECRET", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("REDIS_URL", "http://127.0.0.1:1", "redis://")]
    [InlineData("REDIS_URL", "redis://127.0.0.1:1", "127.0.0.1:1 cannot be reached")]
    [InlineData("DATABASE_URL", "mysql://127.0.0.1/memories", "postgres://")]
    [InlineData("DATABASE_URL", "postgres://ana:secret@127.0.0.1:1/memories", "127.0.0.1:1/memories cannot be reached")]
    public async Task A_queue_or_database_that_cannot_be_used_stops_the_start_with_one_line(string name, string value, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("rafaga-e2e-");
        try
        {
            var (exitCode, output, error) = await RafagaProcess.RunAsync(new Dictionary<string, string> { [name] = value }, folder.FullName);
            Assert.Equal(1, exitCode);
            Assert.Contains(expected, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("queue.db")]
    [InlineData("rafaga.db")]
    public async Task A_data_file_that_is_no_database_stops_the_start_with_one_line_that_names_it(string file)
    {
        var folder = Directory.CreateTempSubdirectory("rafaga-e2e-");
        try
        {
            var data = folder.CreateSubdirectory("data");
            await File.WriteAllTextAsync(Path.Combine(data.FullName, file), new string('x', 8192), TestContext.Current.CancellationToken);
            var (exitCode, output, error) = await RafagaProcess.RunAsync(null, folder.FullName);
            Assert.Equal(1, exitCode);
            Assert.Contains(file, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(2, "send")]
    [InlineData(2, "send", "hola", "--as", "nobody")]
    [InlineData(2, "send", "hola", "--gap", "soon")]
    [InlineData(2, "send", "--photo", "missing.jpg")]
    [InlineData(2, "batches", "show", "missing")]
    [InlineData(2, "batches", "ls", "--state", "lost")]
    [InlineData(2, "flush")]
    public async Task A_wrong_command_ends_with_one_line_and_its_exit_code(int expected, params string[] arguments)
    {
        var (exitCode, _, error) = await _rafaga.CommandTextAsync(arguments);
        Assert.Equal(expected, exitCode);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_command_without_a_running_instance_ends_with_3()
    {
        var (exitCode, _, error) = await RafagaProcess.RunAsync(null, Path.GetTempPath(), "status", "--url", $"http://127.0.0.1:{RafagaProcess.FreePort()}");
        Assert.Equal(3, exitCode);
        Assert.Contains("--url", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_picture_is_refused_with_one_line()
    {
        var file = Path.Combine(_rafaga.DataFolder, "page.jpg");
        await File.WriteAllTextAsync(file, "<svg onload='alert(1)'/>", TestContext.Current.CancellationToken);
        var (exitCode, _, error) = await _rafaga.CommandTextAsync("send", "--photo", file);
        Assert.Equal(1, exitCode);
        Assert.Contains("page.jpg", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(await _rafaga.ChatAsync("ana"));
    }

    [Fact]
    public async Task Of_a_photo_over_20_MB_the_person_is_told_and_the_rest_of_the_burst_is_saved()
    {
        var file = Path.Combine(_rafaga.DataFolder, "huge.jpg");
        var bytes = await File.ReadAllBytesAsync(SamplePhotos.Path(0), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(file, [.. bytes, .. new byte[21 * 1024 * 1024]], TestContext.Current.CancellationToken);
        var sent = await _rafaga.CommandAsync("send", "--photo", SamplePhotos.Path(1), "--photo", file, "--as-document", "--as", "luis", "--wait");
        Assert.Equal(2, (int)Assert.Single(sent["batches"]!.AsArray())!["photo_count"]!);
        Assert.Contains("20 MB", (string?)Assert.Single(sent["replies"]!.AsArray())!["text"], StringComparison.Ordinal);
        Assert.Single((await _rafaga.CommandAsync("memories", "ls", "--as", "Luis"))["memories"]!.AsArray());
    }

    [Fact]
    public async Task A_batch_body_over_the_limit_is_refused_with_one_line()
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(new string(' ', 1024 * 1024 + 1)));
        using var response = await _rafaga.Http.PostAsync("/webhook/batch", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.DoesNotContain('\n', await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/status")]
    [InlineData("/webhook/batch")]
    [InlineData("/simulator/people")]
    [InlineData("/webhook/telegram/")]
    public async Task A_page_of_another_site_does_not_reach_the_server_under_a_name_of_its_own(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "evil.example.org";
        using var response = await _rafaga.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task An_unsigned_batch_is_refused()
    {
        using var response = await _rafaga.Http.PostAsync("/webhook/batch", new StringContent("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
