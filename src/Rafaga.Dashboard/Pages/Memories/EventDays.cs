using Rafaga.Dashboard.Backend;
using Rafaga.Dashboard.Resources;

namespace Rafaga.Dashboard.Pages.Memories;

/// <summary>When an event was, in words.</summary>
internal static class EventDays
{
    private const string Format = "d MMM yyyy";

    /// <summary>Its date, else the days of its memories; ends with a separator, and is empty when nothing is known.</summary>
    public static string Of(EventView item, Texts texts) => (item.Date ?? item.FirstDay, item.Date ?? item.LastDay) switch
    {
        ({ } first, { } last) when first == last => $"{first.ToString(Format, texts.Culture)} · ",
        ({ } first, { } last) => $"{first.ToString(Format, texts.Culture)} – {last.ToString(Format, texts.Culture)} · ",
        _ => "",
    };
}
