using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>What is written about the code stays true to it.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void The_README_quotes_the_sample_as_it_is()
    {
        var sample = File.ReadAllText(Path.Combine(Repository.Root, "samples", "HelloBurst", "Program.cs")).Trim();
        Assert.Contains($"<!-- HelloBurst -->\n```csharp\n{sample}\n```\n<!-- /HelloBurst -->", Readme, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.es.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/models.md")]
    [InlineData("docs/operator-api.md")]
    [InlineData("docs/pages.md")]
    [InlineData("docs/settings.md")]
    [InlineData("docs/simulator.md")]
    [InlineData("docs/telegram.md")]
    [InlineData("docs/telemetry.md")]
    [InlineData("docs/operating.md")]
    [InlineData("docs/deploy.md")]
    [InlineData("docs/guarantees.md")]
    [InlineData("docs/security.md")]
    [InlineData("docs/webhook.md")]
    [InlineData("docs/decisions/README.md")]
    public void Links_lead_to_files(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        var links = Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(m => m.Groups[1].Value.Split('#')[0]);
        Assert.All(links.Where(l => l.Length > 0 && !l.StartsWith("http", StringComparison.Ordinal)), link => Assert.True(File.Exists(Path.Combine(folder, link)) || Directory.Exists(Path.Combine(folder, link)), link));
    }

    [Fact]
    public void The_settings_page_lists_every_setting_with_its_default_and_the_words_of_the_code()
    {
        var page = Path.Combine(Repository.Root, "docs", "settings.md");
        var written = File.ReadAllText(page);
        var start = written.IndexOf("## ", StringComparison.Ordinal);
        var expected = string.Concat(SettingTables());
        if (Environment.GetEnvironmentVariable("RAFAGA_WRITE_DOCS") is not null) File.WriteAllText(page, written[..start] + expected);
        Assert.Equal(expected, written[start..]);
    }

    [Fact]
    public void Every_text_exists_in_both_languages_with_the_same_places_to_fill()
    {
        var english = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.resx", SearchOption.AllDirectories).Where(f => !f.EndsWith(".es.resx", StringComparison.Ordinal)).ToList();
        Assert.True(english.Count >= 5);
        foreach (var file in english)
        {
            var (en, es) = (Read(file), Read(Path.ChangeExtension(file, ".es.resx")));
            Assert.Equal(en.Keys.Order(StringComparer.Ordinal), es.Keys.Order(StringComparer.Ordinal));
            Assert.All(en, text => Assert.Equal(Places(text.Value), Places(es[text.Key])));
        }
    }

    [Fact]
    public void Troubleshooting_quotes_what_the_program_really_says()
    {
        var lines = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".resx" && !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(File.ReadLines)
            .Where(line => line.Contains('"', StringComparison.Ordinal) || line.Contains("<value>", StringComparison.Ordinal))
            .ToList();
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operating.md"));
        var quoted = Quoted().Matches(page[page.IndexOf("## When something is wrong", StringComparison.Ordinal)..]).Select(match => match.Groups["says"].Value).ToList();
        Assert.True(quoted.Count > 30);
        // What differs from case to case is an ellipsis there, and something to fill here.
        Assert.All(quoted, says => Assert.True(lines.Exists(line => Holds(line, says.Split('…', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))), says));
    }

    [Fact]
    public void The_exit_codes_are_those_of_the_code()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operating.md"));
        var codes = typeof(Rafaga.Cli.ExitCodes).GetFields().Select(field => (int)field.GetRawConstantValue()!).Order().ToList();
        Assert.Equal(codes, ExitCode().Matches(page).Select(match => int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static bool Holds(string line, IEnumerable<string> parts)
    {
        var from = 0;
        foreach (var part in parts)
        {
            var at = line.IndexOf(part, from, StringComparison.Ordinal);
            if (at < 0) return false;
            from = at + part.Length;
        }

        return true;
    }

    private static IEnumerable<string> SettingTables()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "Rafaga", "Settings", "RafagaSettings.cs"));
        foreach (Match section in SettingsClass().Matches(source))
        {
            var name = section.Groups["name"].Value;
            yield return $"## {name}\n\n{section.Groups["summary"].Value}\n\n| variable | default | |\n|---|---|---|\n";
            var body = source[section.Index..source.IndexOf("\n}", section.Index, StringComparison.Ordinal)];
            foreach (Match setting in Setting().Matches(body))
            {
                var initial = setting.Groups["default"].Success ? setting.Groups["default"].Value.Replace("_", "", StringComparison.Ordinal).Trim('"') : "–";
                if (Address().Match(initial) is { Success: true } address) initial = address.Groups[1].Value;
                yield return $"| `RAFAGA__{name.ToUpperInvariant()}__{setting.Groups["name"].Value.ToUpperInvariant()}` | {initial} | {setting.Groups["summary"].Value} |\n";
            }

            yield return "\n";
        }
    }

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(file).Root!.Elements("data").ToDictionary(d => (string)d.Attribute("name")!, d => (string)d.Element("value")!, StringComparer.Ordinal);

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"/// <summary>(?<summary>.+)</summary>\ninternal sealed class (?<name>\w+)Settings\n(?!\{\n    public const)")]
    private static partial Regex SettingsClass();

    [GeneratedRegex(@"/// <summary>(?<summary>.+)</summary>\n(?:    \[.+\]\n)*    public \S+ (?<name>\w+) \{ get; init; \}(?: = (?<default>.+);)?")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^\| `(?<says>[^`]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| ([0-9]) \|", RegexOptions.Multiline)]
    private static partial Regex ExitCode();

    [GeneratedRegex(@"^new\(""(.+)""\)$")]
    private static partial Regex Address();

    [GeneratedRegex(@"\{\d+")]
    private static partial Regex Place();
}
