using Rafaga.Dashboard.Resources;

namespace Rafaga.Dashboard.Pages;

/// <summary>A ready burst: what is sent and when.</summary>
internal sealed record Burst(string Name, string Title, string Hint, IReadOnlyList<BurstStep> Steps)
{
    /// <summary>The bursts, titled in the language of the page, written in that of the person.</summary>
    public static Burst[] All(Texts page, Texts person) =>
    [
        new("texts", page["BurstTexts"], page["BurstTextsHint"],
        [
            new(0, person["SampleHello"]),
            new(0.4, person["SampleAsk"]),
            new(0.8, person["SampleEvents"]),
        ]),
        new("album", page["BurstAlbum"], page["BurstAlbumHint"],
        [
            new(0, person["SampleTrip"], "mountain.jpg", "beach.jpg", "garden.jpg", "cat.jpg"),
        ]),
        new("worked", page["BurstWorked"], page["BurstWorkedHint"],
        [
            new(0, person["SampleHello"]),
            new(2, person["SampleBirthday"]),
            new(3, null, "cake.jpg"),
            new(5, null, "pizza.jpg"),
            new(7, null, "garden.jpg"),
        ]),
    ];
}

/// <summary>One message, or one album, of a burst.</summary>
/// <param name="At">Seconds after the start.</param>
/// <param name="Text">Text, or caption when there are photos.</param>
/// <param name="Photos">Sample photos; several make an album.</param>
internal sealed record BurstStep(double At, string? Text, params IReadOnlyList<string> Photos);
