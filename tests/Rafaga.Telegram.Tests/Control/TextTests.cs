using System.Xml.Linq;

namespace Rafaga.Telegram.Tests.Control;

public sealed class TextTests
{
    [Fact]
    public void Every_text_exists_in_both_languages_with_the_same_places()
    {
        var english = Read("Texts.resx");
        var spanish = Read("Texts.es.resx");
        Assert.Equal(english.Keys.Order(), spanish.Keys.Order());
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(spanish[text.Key])));
    }

    private static Dictionary<string, string> Read(string name) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", "Rafaga.Telegram.Simulator", "Resources", name)).Root!
            .Elements("data").ToDictionary(e => (string)e.Attribute("name")!, e => (string)e.Element("value")!);

    private static IEnumerable<char> Places(string text) => text.Where((c, i) => char.IsAsciiDigit(c) && i > 0 && text[i - 1] == '{').Order();
}
