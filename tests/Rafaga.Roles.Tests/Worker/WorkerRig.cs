using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Batching.Stores;
using Rafaga.Roles.Tests.Servers;
using Rafaga.Telegram;
using Rafaga.Testing;
using Rafaga.Worker;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

/// <summary>The worker role between a scripted backend and a scripted Bot API, on the in-memory store and virtual time.</summary>
internal sealed class WorkerRig : IAsyncDisposable
{
    public const string Secret = "a-secret-for-the-tests";
    public static readonly ConversationId Ana = new("telegram:123456:777:0:777");

    private static readonly TimeSpan InWork = TimeSpan.FromSeconds(0.01);
    private static readonly TimeSpan Waiting = TimeSpan.FromSeconds(0.1);

    private readonly RefusedConnections _network = new();
    private readonly HttpClient _http;
    private readonly InMemoryBatchStore _store;
    private readonly List<IHost> _hosts = [];
    private readonly List<MeterListener> _listeners = [];
    private readonly List<(string Name, double Value)> _measured = [];

    private WorkerRig(ScriptedBotApi telegram, ScriptedBackend backend)
    {
        (Telegram, Backend) = (telegram, backend);
        _store = new InMemoryBatchStore(Options(new BatchingOptions()), Time);
        _http = new HttpClient(_network) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public ScriptedBotApi Telegram { get; }

    public ScriptedBackend Backend { get; }

    public ManualTimeProvider Time { get; } = new();

    public LogCapture Log { get; } = new();

    public IReadOnlyList<string> Replies => [.. Telegram.Delivered.Select(d => d.Text)];

    public static async Task<WorkerRig> StartAsync() => new(await ScriptedBotApi.StartAsync(), await ScriptedBackend.StartAsync());

    /// <summary>A sealed batch that waits for a worker.</summary>
    public async Task<BatchId> BatchAsync(int messages = 1, ConversationId? conversation = null, string from = UpdateJson.AnaFrom)
    {
        var whose = conversation ?? Ana;
        for (var i = 1; i <= messages; i++)
        {
            var update = UpdateJson.Text(900 + i, i, string.Create(CultureInfo.InvariantCulture, $"canary-text {i}"), from).Json;
            await _store.AppendAsync(whose, new Message($"m{i}", System.Text.Encoding.UTF8.GetBytes(update)), TestContext.Current.CancellationToken);
        }

        return (await _store.FlushAsync(whose, TestContext.Current.CancellationToken)).BatchId!.Value;
    }

    /// <summary>Starts a worker process.</summary>
    public async Task<FaultyStore> WorkAsync(
        AmbiguousReply onAmbiguous = AmbiguousReply.Resend, string? secret = Secret, Uri? backend = null, Receipt receipt = Receipt.None, TimeSpan? noticeAfter = null, bool feedback = false, TimeSpan? busyAfter = null)
    {
        var store = new FaultyStore(_store);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(new Random(1));
        builder.Services.AddSingleton(new TelegramClient(_http, new TelegramOptions { Token = ScriptedBotApi.Token, BaseUrl = Telegram.Url }, Time));
        builder.Services.AddWorker(new WorkerOptions
        {
            BackendUrl = backend ?? Backend.Url,
            Secret = secret,
            OnAmbiguous = onAmbiguous,
            Receipt = receipt,
            NoticeAfter = noticeAfter ?? TimeSpan.FromSeconds(20),
            FeedbackButtons = feedback,
            BusyAfter = busyAfter,
        }).UseStore(_ => store);
        builder.Services.Configure<BatchingOptions>(o => Options(o));
        var host = builder.Build();
        Listen(host.Services.GetRequiredService<WorkerMetrics>().Meter);
        _hosts.Add(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public async Task<Batch> FindAsync(BatchId id) => (await _store.FindAsync(id, TestContext.Current.CancellationToken))!;

    /// <summary>Lets time pass until the batch has come to a state.</summary>
    public Task<Batch> UntilAsync(BatchId id, BatchState state) => UntilAsync(id, batch => batch.State == state);

    /// <summary>Lets time pass until something is so. While the batch waits, its wait is skipped; while it is in work, the clock creeps, so that nothing times out.</summary>
    public async Task<Batch> UntilAsync(BatchId id, Func<Batch, bool> condition)
    {
        await Patience.UntilAsync(async () =>
        {
            var batch = await FindAsync(id);
            if (condition(batch)) return true;
            var wait = batch.DueAt - Time.GetUtcNow();
            Time.Advance(batch.State == BatchState.Leased ? InWork : wait > Waiting ? wait : Waiting);
            return false;
        });
        return await FindAsync(id);
    }

    /// <summary>The lease of a worker that was killed runs out.</summary>
    public void ExpireLease() => Time.Advance(TimeSpan.FromSeconds(15));

    /// <summary>Stops the worker process in good order.</summary>
    public Task StopAsync() => _hosts[^1].StopAsync(TestContext.Current.CancellationToken);

    /// <summary>The next sends find nobody who listens.</summary>
    public void RefuseConnections(int sends) => _network.Left = sends;

    /// <summary>Takes a batch out of the dead letters.</summary>
    public async Task ReplayAsync(BatchId id) => Assert.Equal(DeadLetterOutcome.Changed, await _store.ReplayAsync(id, TestContext.Current.CancellationToken));

    public double[] Measured(string name)
    {
        lock (_measured) return [.. _measured.Where(m => m.Name == name).Select(m => m.Value)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) host.Dispose();
        foreach (var listener in _listeners) listener.Dispose();
        _http.Dispose();
        await Backend.DisposeAsync();
        await Telegram.DisposeAsync();
    }

    private static BatchingOptions Options(BatchingOptions options)
    {
        options.MaxAttempts = 3;
        options.RetryBase = TimeSpan.FromSeconds(0.1);
        options.RetryCap = TimeSpan.FromSeconds(0.2);
        return options;
    }

    private void Listen(Meter meter)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter == meter) l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Measure(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Measure(instrument, value));
        listener.Start();
        _listeners.Add(listener);
    }

    private void Measure(Instrument instrument, double value)
    {
        lock (_measured) _measured.Add((instrument.Name, value));
    }

    // The only fault that a server cannot play, because it never hears of it.
    private sealed class RefusedConnections() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Left { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!request.RequestUri!.AbsolutePath.EndsWith("/sendMessage", StringComparison.Ordinal) || Left-- <= 0) return base.SendAsync(request, cancellationToken);
            throw new HttpRequestException(HttpRequestError.ConnectionError);
        }
    }
}
