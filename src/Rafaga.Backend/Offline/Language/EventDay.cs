using System.Globalization;
using System.Text.RegularExpressions;

namespace Rafaga.Backend.Offline.Language;

/// <summary>Takes a full date off the end of an event's name: "Boda el 2 de mayo de 2026", "Wedding on May 2, 2026", "Boda 2026-05-02". A date without its year stays part of the name.</summary>
internal static partial class EventDay
{
    private static readonly CultureInfo[] Cultures = [CultureInfo.GetCultureInfo("es"), CultureInfo.GetCultureInfo("en")];

    public static (string Name, DateOnly? Day) Split(string written)
    {
        var match = Tail().Match(written);
        if (!match.Success || match.Index == 0) return (written, null);
        var day = match.Groups["iso"].Success
            ? Parse(match.Groups["iso"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture)
            : Cultures.Select(culture => Parse($"{match.Groups["day"]} {match.Groups["month"]} {match.Groups["year"]}", "d MMMM yyyy", culture)).FirstOrDefault(found => found is not null);
        return day is null ? (written, null) : (written[..match.Index], day);
    }

    private static DateOnly? Parse(string text, string format, CultureInfo culture) =>
        DateOnly.TryParseExact(text, format, culture, DateTimeStyles.None, out var day) ? day : null;

    [GeneratedRegex(
        @"[\s,(]+((con\s+fecha(\s+del?)?|el|del|on|dated)\s+)?((?<iso>\d{4}-\d{2}-\d{2})|(the\s+)?(?<day>\d{1,2})(st|nd|rd|th)?(\s+(de|of))?\s+(?<month>\p{L}{3,12})(\s+del?|,)?\s+(?<year>\d{4})|(?<month>\p{L}{3,12})\s+(?<day>\d{1,2})(st|nd|rd|th)?,?\s+(?<year>\d{4}))[\s.)!]*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Tail();
}
