using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Rafaga.Batching;
using Rafaga.Dashboard.Pages;
using Rafaga.Dashboard.Resources;
using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed partial class TextsTests
{
    private static readonly Dictionary<string, string> English = Read(CultureInfo.InvariantCulture);
    private static readonly Dictionary<string, string> Spanish = Read(CultureInfo.GetCultureInfo("es"));

    [Fact]
    public void Both_languages_have_the_same_keys() => Assert.Equal(English.Keys.Order(), Spanish.Keys.Order());

    [Fact]
    public void Both_languages_have_the_same_places() =>
        Assert.All(English, text => Assert.Equal(Places(text.Value), Places(Spanish[text.Key])));

    [Fact]
    public void Every_text_that_a_script_shows_is_handed_over()
    {
        var assembly = typeof(DashboardOptions).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".js", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var script = reader.ReadToEnd();
            Assert.All(TextCall().Matches(script), call => Assert.Contains(call.Groups[1].Value, ScriptTexts.Keys));
            Assert.All(CountCall().Matches(script), call => Assert.Contains(call.Groups[1].Value + "Many", ScriptTexts.Keys));
        }

        Assert.All(ScriptTexts.Keys, key => Assert.True(English.ContainsKey(key), key));
    }

    [Fact]
    public void Every_close_reason_has_words() =>
        Assert.All(Enum.GetValues<CloseReason>(), reason => Assert.True(English.ContainsKey("Reason_" + reason.Name())));

    [Fact]
    public void An_unknown_language_is_English() => Assert.Equal("en", Texts.For("fr").Language);

    private static Dictionary<string, string> Read(CultureInfo culture) =>
        new ResourceManager("Rafaga.Dashboard.Resources.Texts", typeof(DashboardOptions).Assembly)
            .GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(m => m.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\d[^}]*\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\btext\(\s*""(\w+)""")]
    private static partial Regex TextCall();

    [GeneratedRegex(@"\bcount\(\s*""(\w+)""")]
    private static partial Regex CountCall();
}
