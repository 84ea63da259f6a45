using System.Globalization;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching;
using Rafaga.Batching.Redis;

namespace Rafaga.Bench.Allocations;

/// <summary>One append of 1 KB over loopback, answer included; the store is that of RAFAGA_BENCH_REDIS_URL.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class Appending : IAsyncDisposable
{
    private const int Conversations = 1000;

    private readonly ConversationId[] _conversations = [.. Enumerable.Range(0, Conversations).Select(number => new ConversationId(string.Create(CultureInfo.InvariantCulture, $"telegram:7001234567:{number}:0:{number}")))];
    private readonly byte[] _body = new byte[1024];
    private RedisBatchStore? _store;
    private int _next;

    [GlobalSetup]
    public async Task Setup()
    {
        var url = Environment.GetEnvironmentVariable("RAFAGA_BENCH_REDIS_URL") ?? throw new InvalidOperationException("RAFAGA_BENCH_REDIS_URL is not set: bench/run.sh sets it.");
        _store = new RedisBatchStore(url, new BatchingOptions(), TimeProvider.System, NullLogger<RedisBatchStore>.Instance);
        await _store.OpenAsync();
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public async Task<bool> Append()
    {
        var number = _next++;
        var message = new Message(string.Create(CultureInfo.InvariantCulture, $"m{number}"), _body);
        return (await _store!.AppendAsync(_conversations[number % Conversations], message)).Duplicate;
    }
}
