using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Rafaga.Settings;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Settings;

/// <summary>Each setting that is a secret, found by looking at the settings themselves.</summary>
public sealed partial class SecretTests
{
    private const string Canary = "canary-0123456789abcdef0123456789abcdef";

    // What the settings ask of each of them, or of what belongs to it.
    private static readonly Dictionary<string, string> Forms = new(StringComparer.Ordinal)
    {
        ["Telegram:BotToken"] = $"123456789:{Canary}",
        ["Redis:Url"] = $"redis://ana:{Canary}@127.0.0.1:1/0?name={Canary}",
        ["Database:Url"] = $"postgres://ana:{Canary}@127.0.0.1:1/memories?password={Canary}",
    };

    private static readonly Dictionary<string, (string Name, string Value)[]> Beside = new(StringComparer.Ordinal)
    {
        ["Agent:ApiKey"] = [("RAFAGA__AGENT__PROVIDER", "openai"), ("RAFAGA__AGENT__MODEL", "some-model")],
        ["Photos:ApiKey"] = [("RAFAGA__PHOTOS__PROVIDER", "openai"), ("RAFAGA__PHOTOS__MODEL", "some-model")],
        ["Dashboard:ReaderPassword"] = [("RAFAGA__DASHBOARD__PASSWORD", "another password")],
    };

    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["Telegram:BotToken"] = "TELEGRAM_BOT_TOKEN",
        ["Redis:Url"] = "REDIS_URL",
        ["Database:Url"] = "DATABASE_URL",
        ["Anthropic:ApiKey"] = "ANTHROPIC_API_KEY",
    };

    private static IEnumerable<(string Key, PropertyInfo Setting)> All =>
        from section in typeof(RafagaSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        from setting in section.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        select ($"{section.Name}:{setting.Name}", setting);

    public static TheoryData<string> Secrets => [.. All.Where(setting => setting.Setting.IsDefined(typeof(SecretAttribute))).Select(setting => setting.Key)];

    [Fact]
    public void Whatever_is_called_like_a_secret_is_one()
    {
        // Addresses that hold a password are texts; the others are addresses of servers.
        var named = All.Where(setting => Name().IsMatch(setting.Key) || (setting.Setting.Name == "Url" && setting.Setting.PropertyType == typeof(string))).Select(setting => setting.Key);
        Assert.Equal(named.Order(StringComparer.Ordinal), Secrets.Select(row => row.Data).Order(StringComparer.Ordinal));
        Assert.Equal(12, Secrets.Count);
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task It_can_lie_in_a_file_and_is_never_shown(string key)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("secret");
        await File.WriteAllTextAsync(file, Forms.GetValueOrDefault(key, Canary) + "\n", TestContext.Current.CancellationToken);
        var name = SettingNames.FromKey($"Rafaga:{key}");
        foreach (var variable in new[] { name, Short.GetValueOrDefault(key, name) }.Distinct())
        {
            var environment = new Dictionary<string, string> { [variable + "_FILE"] = file, ["RAFAGA__UI__LANGUAGE"] = "en" };
            foreach (var (other, value) in Beside.GetValueOrDefault(key, [])) environment[other] = value;
            var (exitCode, shown, error) = await RafagaProcess.RunAsync(environment, folder.Path, "config", "show", "--json", "--all");
            Assert.True(exitCode == 0, error);
            var setting = JsonNode.Parse(shown)!["settings"]!.AsArray().Single(setting => (string?)setting!["name"] == name)!;
            Assert.Equal("file", (string?)setting["source"]);
            Assert.Contains("***", (string?)setting["value"], StringComparison.Ordinal);
            Assert.DoesNotContain("canary", shown + error, StringComparison.Ordinal);
            var (_, table, _) = await RafagaProcess.RunAsync(environment, folder.Path, "config", "show");
            Assert.DoesNotContain("canary", table, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("redis://:p@ss/word@example.org", "***")]
    [InlineData("redis://one:1,two:2", "***")]
    [InlineData("rediss://ana:secret@example.org:6380/3", "rediss://***@example.org:6380/3")]
    [InlineData("postgres://example.org/memories?password=secret", "postgres://example.org/memories?***")]
    [InlineData("sqlite:memories.db", "sqlite:memories.db")]
    public void Of_an_address_only_where_it_leads_is_shown(string address, string expected)
    {
        var settings = SettingsLoader.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Rafaga:Redis:Url", address)]).Build());
        Assert.Equal(expected, settings.Effective.Single(setting => setting.Name == "RAFAGA__REDIS__URL").Value);
    }

    [Fact]
    public void A_secret_that_looks_like_an_address_is_masked_whole()
    {
        var settings = SettingsLoader.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Rafaga:Backend:Secret", "https://canary.example/of-a-secret")]).Build());
        Assert.Equal("***", settings.Effective.Single(setting => setting.Name == "RAFAGA__BACKEND__SECRET").Value);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(null, "cannot be read")]
    public async Task A_file_that_holds_nothing_stops_the_start_with_one_line(string? content, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("secret");
        if (content is not null) await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        var (exitCode, _, error) = await RafagaProcess.RunAsync(new Dictionary<string, string> { ["RAFAGA__BACKEND__SECRET_FILE"] = file }, folder.Path, "config", "check");
        Assert.Equal(2, exitCode);
        Assert.Contains(expected, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [GeneratedRegex("(Token|Secret|Password|ApiKey|Code)$")]
    private static partial Regex Name();
}
