using System.Globalization;

namespace Rafaga.Backend;

/// <summary>A camera's time on the wire: no zone, because the camera knows none.</summary>
internal static class LocalTime
{
    public static string? Format(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}
