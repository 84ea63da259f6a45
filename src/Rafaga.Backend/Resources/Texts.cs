using System.Globalization;
using System.Resources;

namespace Rafaga.Backend.Resources;

/// <summary>What code itself says to a person, in the person's language.</summary>
internal sealed class Texts(string language)
{
    private static readonly ResourceManager Resources = new("Rafaga.Backend.Resources.Texts", typeof(Texts).Assembly);

    private readonly CultureInfo _culture = CultureInfo.GetCultureInfo(language);

    public string NothingDone => Get(nameof(NothingDone));

    public string DailyLimit => Get(nameof(DailyLimit));

    public string NotAnswered => Get(nameof(NotAnswered));

    public string Saved(int count) => count == 1 ? Get("SavedOne") : Get("SavedMany", count);

    public string Exactly(int count) => count switch
    {
        0 => Get("ExactNone"),
        1 => Get("ExactOne"),
        _ => Get("ExactMany", count),
    };

    public string Updated(int count) => count == 1 ? Get("UpdatedOne") : Get("UpdatedMany", count);

    public string EventCreated(string name) => Get(nameof(EventCreated), name);

    public string NoInvitation => Get(nameof(NoInvitation));

    public string Invitation(string eventName, string code, DateTimeOffset until) => Get(nameof(Invitation), eventName, code, until.UtcDateTime.ToString("d", _culture));

    public string AlreadyIn(string eventName) => Get(nameof(AlreadyIn), eventName);

    public string JoinedAsEditor(string eventName, string owner) => Get(nameof(JoinedAsEditor), eventName, owner);

    public string JoinedAsViewer(string eventName, string owner) => Get(nameof(JoinedAsViewer), eventName, owner);

    public string Revoked(int count) => Counted("Revoked", count);

    public string Undone(int count) => Counted("Undone", count);

    /// <summary>Which photo could not be saved and why.</summary>
    /// <param name="ordinal">Its place in the batch; null when it is the only one.</param>
    /// <param name="problem">One of <see cref="Photos.PhotoProblem"/>.</param>
    public string Unusable(int? ordinal, string problem)
    {
        var reason = problem switch
        {
            Photos.PhotoProblem.TooBig => Get("TooBig"),
            Photos.PhotoProblem.NotAnImage => Get("NotAnImage"),
            _ => Get("Unavailable"),
        };
        return ordinal is null ? Get("UnusableOnly", reason) : Get(nameof(Unusable), ordinal, reason);
    }

    private string Counted(string key, int count) => count switch
    {
        0 => Get(key + "None"),
        1 => Get(key + "One"),
        _ => Get(key + "Many", count),
    };

    private string Get(string key, params ReadOnlySpan<object?> arguments)
    {
        var text = Resources.GetString(key, _culture) ?? throw new MissingManifestResourceException($"No text named {key}.");
        return arguments.IsEmpty ? text : string.Format(_culture, text, arguments);
    }
}
