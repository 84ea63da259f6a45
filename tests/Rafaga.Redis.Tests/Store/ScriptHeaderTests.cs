using System.Text.RegularExpressions;
using Rafaga.Batching.Redis;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>What stands on top of a script is what it does with KEYS and ARGV, and what its callers pass.</summary>
public sealed partial class ScriptHeaderTests
{
    private const int MostLines = 100;

    private static readonly string Project = Path.Combine(Repository.Root, "src", "Rafaga.Batching.Redis");

    public static TheoryData<string> Scripts => [.. Directory.GetFiles(Path.Combine(Project, "Scripts"), "*.lua").Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_opens_with_purpose_keys_arguments_and_results(string name)
    {
        var lines = Read(name);
        Assert.StartsWith("#!lua", lines[0], StringComparison.Ordinal);
        Assert.Matches("^-- [A-Z].*\\.$", lines[1]);
        Assert.StartsWith("-- KEYS", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("-- ARGV", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("-- Returns ", lines[4], StringComparison.Ordinal);
        Assert.InRange(lines.Length, 6, MostLines);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_header_names_the_keys_in_the_order_in_which_they_are_taken(string name)
    {
        var lines = Read(name);
        var named = Fixed(lines[2], "-- KEYS");
        if (Unpacked().Match(string.Join('\n', lines)) is { Success: true } unpacked)
            Assert.Equal(named, unpacked.Groups[1].Value.Split(", "));
        else
            Assert.Single(Words(lines[2], "-- KEYS"));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_header_names_each_argument_that_is_used_and_no_other(string name)
    {
        var lines = Read(name);
        var used = Argument().Matches(string.Join('\n', lines.Skip(5))).Select(match => int.Parse(match.Groups[1].Value, null)).ToHashSet();
        Assert.Equal(Enumerable.Range(1, Fixed(lines[3], "-- ARGV").Length), used.Order());
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void No_script_makes_the_name_of_a_key(string name)
    {
        var code = string.Join('\n', Read(name).Skip(5));
        Assert.DoesNotContain("batch:{", code, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"redis\.call\('[A-Z]+', '", code);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Only_an_append_is_refused_by_a_full_server(string name)
    {
        var flags = Read(name)[0];
        Assert.Equal(name == "append", flags == "#!lua");
    }

    [Fact]
    public void Every_script_is_loaded()
    {
        var loaded = typeof(RedisScripts).GetProperties().Length;
        Assert.Equal(Scripts.Count, loaded);
    }

    private static string[] Read(string name) => File.ReadAllLines(Path.Combine(Project, "Scripts", $"{name}.lua"));

    /// <summary>The words behind a label, without those of which any number may come.</summary>
    private static string[] Fixed(string line, string label) => [.. Words(line, label).Where(word => !word.EndsWith("...", StringComparison.Ordinal))];

    private static string[] Words(string line, string label) => NotWords().Replace(line[label.Length..], "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"local ([\w, ]+) = unpack\(KEYS(?:, 1, \d+)?\)", RegexOptions.None, 1000)]
    private static partial Regex Unpacked();

    [GeneratedRegex(@"ARGV\[(\d+)\]", RegexOptions.None, 1000)]
    private static partial Regex Argument();

    [GeneratedRegex(@"\(.*\)", RegexOptions.None, 1000)]
    private static partial Regex NotWords();
}
