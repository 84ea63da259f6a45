using Rafaga.Backend.Delivery;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public sealed class EditedTextTests
{
    [Theory]
    // All of it.
    [InlineData("Éramos 6", "Éramos 6", "Éramos 7", "Éramos 7")]
    [InlineData("6", "6", "7", "7")]
    // One line among others.
    [InlineData("En la playa\nÉramos 6 personas\nHacía sol", "Éramos 6 personas", "Éramos 7 personas", "En la playa\nÉramos 7 personas\nHacía sol")]
    // Kept without its greeting and its full stop.
    [InlineData("era el cumpleaños de Ana", "Hola, era el cumpleaños de Ana.", "Hola, era el cumpleaños de Eva.", "era el cumpleaños de Eva")]
    [InlineData("Hacía mucho calor", "Mira. Hacía mucho calor.", "Mira. Hacía mucho frío.", "Hacía mucho frío")]
    // Something more at the end or at the start.
    [InlineData("Comimos pizza en la plaza", "Comimos pizza en la plaza", "Comimos pizza en la plaza. Y helado", "Comimos pizza en la plaza. Y helado")]
    [InlineData("Comimos pizza en la plaza", "Comimos pizza en la plaza.", "Ayer. Comimos pizza en la plaza.", "Ayer. Comimos pizza en la plaza")]
    // Taken out again.
    [InlineData("Uno\nComimos pizza\nDos", "Comimos pizza", null, "Uno\nDos")]
    [InlineData("Comimos pizza", "Comimos pizza", "", "")]
    // New words where there were none.
    [InlineData(null, null, "La moto", "La moto")]
    [InlineData("De mi padre", null, "La moto", "De mi padre\nLa moto")]
    [InlineData("en el 🏖️ de siempre", "en el 🏖️ de siempre", "en el 🏝️ de siempre", "en el 🏝️ de siempre")]
    public void The_words_of_the_message_are_changed_and_all_others_stay(string? memory, string? was, string? now, string expected) =>
        Assert.Equal(expected, EditedText.Apply(memory, was, now));

    [Theory]
    [InlineData("Fuimos seis a cenar", "Éramos 6", "Éramos 7")]
    [InlineData("Ana, Luis y Eva", "Ana estaba triste porque llovía", "Ana estaba contenta porque llovía")]
    [InlineData("Hacía mucho calor aquel día", "Éramos 6. Hacía mucho calor aquel día", "Éramos 7. Hacía mucho calor aquel día")]
    [InlineData("Banana", "ana", "Eva")]
    [InlineData(null, "Hola", "Buenas")]
    [InlineData("texto", " ", "algo")]
    public void What_a_memory_says_in_other_words_is_left_alone(string? memory, string was, string now) => Assert.Null(EditedText.Apply(memory, was, now));

    [Fact]
    public void Nothing_that_is_written_breaks_it()
    {
        var random = new Random(20);
        const string Letters = "ab \n.🏖️é¿?,";
        for (var i = 0; i < 20_000; i++)
        {
            var (memory, was, now) = (Text(), Text(), Text());
            if (random.Next(2) == 0) memory = memory.Insert(random.Next(memory.Length + 1), was);
            var edited = EditedText.Apply(memory, was, now);
            if (memory == was && was.Trim().Length > 0) Assert.NotNull(edited);
        }

        string Text() => string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => Letters[random.Next(Letters.Length)]));
    }
}
