using System.Collections.Concurrent;

namespace Rafaga.Batching.Tests.Worker;

/// <summary>What the handler does, and what was asked of it.</summary>
internal sealed class Script
{
    public ConcurrentQueue<Batch<string>> Handled { get; } = new();

    public ConcurrentQueue<string> LastWords { get; } = new();

    public Func<Batch<string>, BatchContext, CancellationToken, Task> Handle { get; set; } = (_, _, _) => Task.CompletedTask;

    public Func<Batch<string>, string, Task> Dead { get; set; } = (_, _) => Task.CompletedTask;
}

internal sealed class ScriptedHandler(Script script) : IBatchHandler<string>
{
    public Task HandleAsync(Batch<string> batch, BatchContext context, CancellationToken cancellationToken)
    {
        script.Handled.Enqueue(batch);
        return script.Handle(batch, context, cancellationToken);
    }

    public Task OnDeadAsync(Batch<string> batch, string reason, BatchContext context, CancellationToken cancellationToken)
    {
        script.LastWords.Enqueue(reason);
        return script.Dead(batch, reason);
    }
}
