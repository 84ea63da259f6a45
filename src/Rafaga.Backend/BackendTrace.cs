using System.Diagnostics;
using Rafaga.Contracts;

namespace Rafaga.Backend;

/// <summary>The backend's source of spans. What people write and show never becomes part of one.</summary>
internal static class BackendTrace
{
    public static readonly ActivitySource Source = new(TelemetryNames.Backend);
}
