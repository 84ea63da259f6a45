using System.Globalization;
using System.Resources;

namespace Rafaga.Dashboard.Resources;

/// <summary>What people read on the pages, in one language.</summary>
internal sealed class Texts(CultureInfo culture)
{
    /// <summary>The languages that exist, the neutral one first.</summary>
    public static readonly IReadOnlyList<string> Languages = ["en", "es"];

    private static readonly ResourceManager Resources = new("Rafaga.Dashboard.Resources.Texts", typeof(Texts).Assembly);

    public CultureInfo Culture => culture;

    public string Language => culture.Name;

    /// <summary>The text of a key, with its places filled.</summary>
    public string this[string key, params object?[] values]
    {
        get
        {
            var text = Resources.GetString(key, culture) ?? throw new InvalidOperationException($"No text for '{key}'.");
            return values.Length == 0 ? text : string.Format(culture, text, values);
        }
    }

    /// <summary><c>KeyOne</c> or <c>KeyMany</c> with the number in it.</summary>
    public string Count(string key, int number) => this[number == 1 ? key + "One" : key + "Many", number];

    /// <summary>The text of a key that may not exist.</summary>
    public string? Find(string key) => Resources.GetString(key, culture);

    /// <summary>How long ago something was, in one unit.</summary>
    public string Ago(TimeSpan ago) => ago switch
    {
        { TotalSeconds: < 2 } => this["AgoNow"],
        { TotalSeconds: < 60 } => this["AgoSeconds", (int)ago.TotalSeconds],
        { TotalMinutes: < 60 } => this["AgoMinutes", (int)ago.TotalMinutes],
        { TotalHours: < 48 } => this["AgoHours", (int)ago.TotalHours],
        _ => this["AgoDays", (int)ago.TotalDays],
    };

    /// <summary>How long something took, in at most two units.</summary>
    public string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => this["Milliseconds", (int)time.TotalMilliseconds],
        { TotalSeconds: < 100 } => this["Seconds", time.TotalSeconds],
        { TotalMinutes: < 100 } => this["MinutesSeconds", (int)time.TotalMinutes, time.Seconds],
        { TotalHours: < 48 } => this["HoursMinutes", (int)time.TotalHours, time.Minutes],
        _ => this["DaysHours", (int)time.TotalDays, time.Hours],
    };

    /// <summary>Texts in a language that exists; English otherwise.</summary>
    public static Texts For(string? language) => new(CultureInfo.GetCultureInfo(Languages.Contains(language) ? language! : Languages[0]));
}
