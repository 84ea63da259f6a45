using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Rafaga.Roles.Tests;

/// <summary>Keeps what was logged, as it would be printed.</summary>
internal sealed class LogCapture : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines.Select(l => l.Text)];

    /// <summary>Lines at the default level or above.</summary>
    public IReadOnlyList<string> Visible => [.. _lines.Where(l => l.Level >= LogLevel.Information).Select(l => l.Text)];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception)));

    public void Dispose()
    {
        // Nothing to let go.
    }
}
