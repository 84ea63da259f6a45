using System.Text.Json;
using Rafaga.Dashboard.Api;
using Rafaga.Dashboard.Resources;

namespace Rafaga.Dashboard.Pages;

/// <summary>The texts that scripts show, handed over with the page.</summary>
internal static class ScriptTexts
{
    /// <summary>Their keys; the number in them is <c>{0}</c>, as everywhere.</summary>
    public static readonly IReadOnlyList<string> Keys =
    [
        "Typing", "Reconnecting", "MessagesOne", "MessagesMany", "ClosesIn", "Closing", "RestartsOne", "RestartsMany", "CapLeft",
        "FullGoes", "WorkingOne", "WorkingMany", "QueuedOne", "QueuedMany", "Retrying", "CollectedOne", "CollectedMany", "CancelledOne", "CancelledMany",
        "NotAnImage", "PhotoTooBig", "TooMany", "SendFailed", "RemovePhoto", "PhotoChip", "DocumentChip", "EditChip", "OtherChip",
        "BurstRunning", "BurstStopped", "Today", "Yesterday", "ThemeAuto", "ThemeLight", "ThemeDark",
        "AgoNow", "AgoSeconds", "AgoMinutes", "AgoHours", "AgoDays", "Copied", "Live", "Pause", "Paused", "Resume",
    ];

    public static string Json(string language)
    {
        var texts = Texts.For(language);
        return JsonSerializer.Serialize(Keys.ToDictionary(k => k, k => texts[k], StringComparer.Ordinal), DashboardJson.Default.DictionaryStringString);
    }
}
