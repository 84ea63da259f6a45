using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Batching.Stores;
using Rafaga.Batching.Worker;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Worker;

/// <summary>A worker with a scripted handler on the in-memory store, on virtual time. Either a test takes single steps, or it starts the loop.</summary>
public abstract class WorkerTestBase : IAsyncDisposable
{
    protected static readonly ConversationId Ana = new("telegram:1:1001:0:1001");
    protected static readonly ConversationId Luis = new("telegram:1:1002:0:1002");

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Lazy<ServiceProvider> _services;
    private BatchWorker<string>? _worker;

    private protected WorkerTestBase() => _services = new Lazy<ServiceProvider>(Build);

    private protected Script Script { get; } = new();

    private protected RecordedLogs Logs { get; } = new();

    protected ManualTimeProvider Time { get; } = new();

    /// <summary>The defaults; a test changes them before its first step.</summary>
    protected BatchingOptions Options { get; } = new();

    private protected FaultyStore Store => (FaultyStore)_services.Value.GetRequiredService<IBatchStore>();

    private protected IBatcher<string> Batcher => _services.Value.GetRequiredService<IBatcher<string>>();

    private protected BatchWorker<string> Worker => _worker ??= _services.Value.GetServices<IHostedService>().OfType<BatchWorker<string>>().Single();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _abort.CancelAsync();
        if (_worker is not null) await _worker.Running.WaitAsync(Eventually.Limit, TimeProvider.System);
        if (_services.IsValueCreated) await _services.Value.DisposeAsync();
        _stopping.Dispose();
        _abort.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One look of the worker; the deliveries that it starts go on.</summary>
    protected Task<TimeSpan> StepAsync() => Worker.RunOnceAsync(_stopping.Token, _abort.Token);

    /// <summary>One look, and all deliveries to their end.</summary>
    protected async Task<TimeSpan> StepToEndAsync()
    {
        var wait = await StepAsync();
        await Worker.Running.WaitAsync(Eventually.Limit, TimeProvider.System, Cancellation);
        return wait;
    }

    protected Task StopAsync() => _stopping.CancelAsync();

    protected Task AbortAsync() => _abort.CancelAsync();

    protected void Wait(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>A window of one message that is due.</summary>
    protected async Task<BatchId> DueAsync(string id = "m1", ConversationId? conversation = null)
    {
        var batch = (await Batcher.AppendAsync(conversation ?? Ana, new Message<string>(id, $"text of {id}"), Cancellation)).BatchId!.Value;
        Wait(12.5);
        return batch;
    }

    protected async Task<Batch> FindAsync(BatchId id) => (await Store.FindAsync(id, Cancellation))!;

    protected Task UntilAsync(Func<Task<bool>> condition, string what) => Eventually.TrueAsync(condition, what);

    protected Task UntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(() => Task.FromResult(condition()), what);

    /// <summary>Moves time on, step by step, until the task has ended.</summary>
    protected async Task AdvanceUntilAsync(Task task, double stepSeconds, string what) => await Eventually.TrueAsync(
        () =>
        {
            if (!task.IsCompleted) Wait(stepSeconds);
            return Task.FromResult(task.IsCompleted);
        },
        what);

    private ServiceProvider Build()
    {
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace))
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(Script)
            .AddSingleton(new Random(1));
        services.AddBatching<string>().UseStore(_ => new FaultyStore(new InMemoryBatchStore(Options, Time))).WithHandler<ScriptedHandler>();
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(Options));
        return services.BuildServiceProvider(validateScopes: true);
    }
}
