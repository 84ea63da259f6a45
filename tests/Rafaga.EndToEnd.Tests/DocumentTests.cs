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
    [InlineData("docs/decisions/README.md")]
    public void Links_lead_to_files(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        var links = Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(m => m.Groups[1].Value.Split('#')[0]);
        Assert.All(links.Where(l => l.Length > 0 && !l.StartsWith("http", StringComparison.Ordinal)), link => Assert.True(File.Exists(Path.Combine(folder, link)) || Directory.Exists(Path.Combine(folder, link)), link));
    }

    [Fact]
    public void The_README_lists_every_setting_with_its_default()
    {
        var names = SettingsSource().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "Rafaga", "Settings", "RafagaSettings.cs")))
            .Select(m => m.Groups[1].Value.ToUpperInvariant());
        Assert.All(names, name => Assert.True(Readme.Contains($"__{name}`", StringComparison.Ordinal) || name is "BOTTOKEN" or "URL", name));
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

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(file).Root!.Elements("data").ToDictionary(d => (string)d.Attribute("name")!, d => (string)d.Element("value")!, StringComparer.Ordinal);

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"public \S+ (\w+) \{ get; init; \}(?! = new\(\);)")]
    private static partial Regex SettingsSource();

    [GeneratedRegex(@"\{\d+")]
    private static partial Regex Place();
}
