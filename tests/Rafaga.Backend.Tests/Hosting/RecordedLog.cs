using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>Keeps every line that is logged at default level, exceptions included.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
    }

    public override string ToString() => string.Join('\n', _lines);

    public void Dispose()
    {
    }
}
