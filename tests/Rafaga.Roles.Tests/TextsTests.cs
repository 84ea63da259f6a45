using System.Collections;
using System.Globalization;
using System.Resources;
using Rafaga.Bot;
using Rafaga.Worker;
using Xunit;

namespace Rafaga.Roles.Tests;

public sealed class TextsTests
{
    [Theory]
    [InlineData(typeof(BotOptions), "Rafaga.Bot.Resources.Texts")]
    [InlineData(typeof(WorkerOptions), "Rafaga.Worker.Resources.Texts")]
    public void Every_text_is_there_in_both_languages(Type role, string name)
    {
        var texts = new ResourceManager(name, role.Assembly);
        var english = Texts(texts, "");
        var spanish = Texts(texts, "es");
        Assert.NotEmpty(english);
        Assert.Equal(english.Keys.Order(), spanish.Keys.Order());
        Assert.All(english, pair => Assert.NotEqual(pair.Value, spanish[pair.Key]));
        Assert.All(english, pair => Assert.Equal(pair.Value.Contains("{0}", StringComparison.Ordinal), spanish[pair.Key].Contains("{0}", StringComparison.Ordinal)));
    }

    private static Dictionary<string, string> Texts(ResourceManager texts, string culture) =>
        texts.GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);
}
