namespace Rafaga.Backend.Offline.Language;

/// <summary>One thing that a person said.</summary>
internal abstract record Said
{
    /// <param name="Name">Null when no name was given.</param>
    /// <param name="Day">When it is, if that was said.</param>
    public sealed record CreateEvent(string? Name, DateOnly? Day) : Said;

    public sealed record ListEvents : Said;

    public sealed record Search(string Query) : Said;

    /// <param name="About">Null for everything.</param>
    public sealed record Recall(string? About) : Said;

    public sealed record Help : Said;

    public sealed record Delete : Said;

    /// <summary>The person asks whether the model sees the photos.</summary>
    public sealed record AsksSight : Said;

    /// <summary>Photos belong to an event.</summary>
    /// <param name="Name">As it was written.</param>
    /// <param name="Kind">How surely it names one.</param>
    /// <param name="Text">The whole sentence.</param>
    public sealed record Belongs(string Name, Naming Kind, string Text) : Said;

    public sealed record Chat(SmallTalk Kind) : Said;

    public sealed record Question : Said;

    /// <summary>About certain photos of the row, counted from 1.</summary>
    public sealed record Note(IReadOnlyList<int> Places, string Text) : Said;

    /// <summary>About a photo that the row does not have.</summary>
    public sealed record NoSuchPhoto(int Place) : Said;

    /// <param name="Text">As it was written.</param>
    /// <param name="Earlier">Whether it speaks of earlier photos.</param>
    public sealed record Story(string Text, bool Earlier) : Said;
}

internal enum Naming
{
    Maybe,
    Sure,
    Move,
}

[Flags]
internal enum SmallTalk
{
    None = 0,
    Greeting = 1,
    Thanks = 2,
    Shrug = 4,
    Agree = 8,
}
