using System.Xml.Linq;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The dependency rule of docs/architecture.md, read from the project files, so that a reference that is not used yet is found too.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Rafaga.Batching"] = [],
        ["Rafaga.Batching.Redis"] = ["Rafaga.Batching"],
        ["Rafaga.Batching.Sqlite"] = ["Rafaga.Batching"],
        ["Rafaga.Telegram"] = [],
        ["Rafaga.Telegram.Simulator"] = ["Rafaga.Telegram"],
        ["Rafaga.Contracts"] = [],
        ["Rafaga.Bot"] = ["Rafaga.Batching", "Rafaga.Contracts", "Rafaga.Telegram"],
        ["Rafaga.Worker"] = ["Rafaga.Batching", "Rafaga.Contracts", "Rafaga.Telegram"],
        ["Rafaga.Backend"] = ["Rafaga.Contracts", "Rafaga.Telegram"],
        ["Rafaga.Dashboard"] = ["Rafaga.Batching", "Rafaga.Contracts", "Rafaga.Telegram"],
        ["Rafaga"] =
        [
            "Rafaga.Backend", "Rafaga.Batching.Redis", "Rafaga.Batching.Sqlite", "Rafaga.Bot", "Rafaga.Dashboard", "Rafaga.Telegram.Simulator", "Rafaga.Worker",
        ],
    };

    private static readonly string[] DatabasePackages = ["Microsoft.EntityFrameworkCore.Sqlite"];

    private static readonly Dictionary<string, XDocument> Projects = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => XDocument.Load(file), StringComparer.Ordinal);

    [Fact]
    public void Every_project_has_a_rule() => Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Projects.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Projects_reference_only_what_the_rule_allows()
    {
        foreach (var (name, project) in Projects)
        {
            var references = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));
            Assert.Empty(references.Except(Allowed[name], StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Only_the_backend_knows_the_database()
    {
        var users = Projects.Where(p => Packages(p.Value).Intersect(DatabasePackages, StringComparer.Ordinal).Any()).Select(p => p.Key);
        Assert.Equal(["Rafaga.Backend"], users);
    }

    [Theory]
    [InlineData("telegram")]
    [InlineData("IChatClient")]
    [InlineData("language model")]
    public void The_library_never_speaks_of_chats_or_models(string word)
    {
        var sources = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"), "Rafaga.Batching*")
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".sql" or ".lua" or ".csproj");
        Assert.All(sources, file => Assert.DoesNotContain(word, File.ReadAllText(file), StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Packages(XDocument project) => project.Descendants("PackageReference").Select(p => (string)p.Attribute("Include")!);
}
