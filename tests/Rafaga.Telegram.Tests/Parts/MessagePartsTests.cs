using FsCheck;
using FsCheck.Fluent;

namespace Rafaga.Telegram.Tests.Parts;

public sealed class MessagePartsTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    public void A_text_of_nothing_has_no_parts(string text) => Assert.Empty(MessageParts.Split(text));

    [Fact]
    public void What_fits_stays_in_one_piece()
    {
        var text = new string('x', 4096);
        Assert.Equal([text], MessageParts.Split(text));
        Assert.Equal([text, "y"], MessageParts.Split(text + " y"));
        Assert.Equal([text, "y"], MessageParts.Split(text + "y"));
    }

    [Fact]
    public void Paragraphs_come_before_lines_and_lines_before_words()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 300));
        Assert.Equal([$"{words}\n{words}", $"{words}\n{words}"], MessageParts.Split($"{words}\n{words}\n\n{words}\n{words}"));
        Assert.Equal([$"{words}\n{words}", $"{words}\n{words}"], MessageParts.Split($"{words}\n{words}\n{words}\n{words}"));
    }

    [Fact]
    public void No_character_as_people_see_it_is_cut()
    {
        const string Family = "👨‍👩‍👧‍👦";
        var parts = MessageParts.Split(string.Concat(Enumerable.Repeat(Family, 1000)));
        Assert.All(parts, part => Assert.Equal(0, part.Length % Family.Length));
        Assert.Equal(1000 * Family.Length, parts.Sum(p => p.Length));
    }

    [Fact]
    public void Even_an_endless_cluster_ends()
    {
        var text = "e" + new string('\u0301', 10_000);
        Assert.Equal(text, string.Concat(MessageParts.Split(text)));
    }

    [Fact]
    public void Whatever_the_text_parts_fit_and_nothing_but_white_space_is_lost()
    {
        var piece = Gen.Elements("a", "word ", "\n", "\n\n", "  ", "😀", "👨‍👩‍👧", new string('x', 500), new string('y', 4097), "e\u0301");
        var texts = Gen.ArrayOf(piece).Select(string.Concat);
        Prop.ForAll(texts.ToArbitrary(), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(200));
    }

    private static bool Holds(string text)
    {
        var parts = MessageParts.Split(text);
        return parts.All(p => p.Length is > 0 and <= MessageParts.MaxLength && p.Trim() == p && !char.IsLowSurrogate(p[0]) && !char.IsHighSurrogate(p[^1]))
            && Bare(string.Concat(parts)) == Bare(text)
            && parts.SequenceEqual(MessageParts.Split(text));
    }

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
