using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Rafaga.Hosting;

/// <summary>One readable line per event: time, level where it matters, message. A fault adds what was thrown, and its trace only for errors.</summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter output)
    {
        // Whoever started the host says it in one line.
        if (entry.EventId.Name == "HostedServiceStartupFaulted") return;

        output.Write(time.GetLocalNow().ToString("HH:mm:ss ", System.Globalization.CultureInfo.InvariantCulture));
        output.Write(entry.LogLevel switch
        {
            LogLevel.Warning => "warning: ",
            LogLevel.Error or LogLevel.Critical => "error: ",
            _ => "",
        });
        output.Write(entry.Formatter(entry.State, entry.Exception));
        if (entry.Exception is { } exception)
        {
            output.Write(entry.LogLevel >= LogLevel.Error ? Environment.NewLine + exception : $" ({exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")})");
        }

        output.WriteLine();
    }
}
