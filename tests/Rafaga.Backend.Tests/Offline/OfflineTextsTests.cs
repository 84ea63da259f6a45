using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Rafaga.Backend.Offline;
using Xunit;


namespace Rafaga.Backend.Tests.Offline;

public sealed partial class OfflineTextsTests
{
    private static readonly Dictionary<string, string> English = Read(CultureInfo.InvariantCulture);
    private static readonly Dictionary<string, string> Spanish = Read(CultureInfo.GetCultureInfo("es"));

    [Fact]
    public void Both_languages_have_the_same_keys_and_the_code_knows_each()
    {
        Assert.Equal(English.Keys.Order(), Spanish.Keys.Order());
        Assert.Equal(English.Keys.Order(), Enum.GetNames<Text>().Order());
    }

    [Fact]
    public void Both_languages_take_the_same_values() =>
        Assert.All(English.Keys, key => Assert.Equal(Places(English[key]), Places(Spanish[key])));

    [Fact]
    public void Only_the_texts_that_ask_hold_a_question_mark_and_only_one() =>
        Assert.All(English.Concat(Spanish), text => Assert.Equal(text.Key.StartsWith("Ask", StringComparison.Ordinal) ? 1 : 0, text.Value.Count(c => c == '?')));

    [Fact]
    public void No_text_is_broken() =>
        Assert.All(English.Concat(Spanish), text => Assert.DoesNotMatch("Ã|Â|â€|\uFFFD", text.Value));

    private static List<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct().Order()];

    private static Dictionary<string, string> Read(CultureInfo culture) =>
        OfflineTexts.Resources.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
