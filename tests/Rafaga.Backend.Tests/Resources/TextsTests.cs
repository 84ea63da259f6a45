using System.Collections;
using System.Globalization;
using System.Resources;
using Rafaga.Backend.Resources;
using Xunit;

namespace Rafaga.Backend.Tests.Resources;

public sealed class TextsTests
{
    [Fact]
    public void Spanish_and_English_have_the_same_keys_and_differ()
    {
        var resources = new ResourceManager("Rafaga.Backend.Resources.Texts", typeof(Texts).Assembly);
        var english = Read(resources, CultureInfo.InvariantCulture);
        var spanish = Read(resources, CultureInfo.GetCultureInfo("es"));

        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), spanish.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.NotEqual(text.Value, spanish[text.Key]));
    }

    [Theory]
    [InlineData("es", "Guardé 1 foto.")]
    [InlineData("en", "I saved 1 photo.")]
    public void Texts_come_in_the_language_that_is_asked_for(string language, string expected) => Assert.Equal(expected, new Texts(language).Saved(["photo"]));

    private static Dictionary<string, string> Read(ResourceManager resources, CultureInfo culture) =>
        resources.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);
}
