using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

public sealed class ServerCheckTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_evicts_keys_is_refused_by_the_name_of_its_policy()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", "allkeys-lru");
        await using var store = TestStore.Open(server.Url, new BatchingOptions());
        var fault = await Assert.ThrowsAsync<BatchStoreException>(() => store.OpenAsync(Stop));
        Assert.Contains("maxmemory-policy allkeys-lru", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);

        await server.CliAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await store.OpenAsync(Stop);
    }

    [Fact]
    public void A_server_with_several_modules_names_each_of_them_in_a_line_that_begins_alike() =>
        Assert.Equal("7.4.1", RedisServerState.Read("# Server\r\nredis_version:7.4.1\r\nmodule:name=bf,ver=20802\r\nmodule:name=search,ver=21005\r\n\r\n")["redis_version"]);

    [Theory]
    [InlineData("appendonly no", "--appendonly", "no")]
    [InlineData("appendfsync everysec", "--appendfsync", "everysec")]
    [InlineData("appendfsync no", "--appendfsync", "no")]
    [InlineData("does not tell its appendfsync", "--rename-command", "CONFIG", "")]
    [InlineData(null, "--appendfsync", "always")]
    public async Task A_setting_that_loses_data_is_named(string? warning, params string[] arguments)
    {
        await using var server = await RedisServer.StartAsync(arguments);
        var log = new WarningLog();
        await using var store = new RedisBatchStore(server.Url, new BatchingOptions(), TimeProvider.System, log, new RedisStoreSettings());
        await store.OpenAsync(Stop);
        if (warning is null) Assert.Empty(log.Lines);
        else Assert.Contains(warning, Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_partitions_is_fixed_for_life()
    {
        await using var server = await RedisServer.StartAsync();
        await using var first = TestStore.Open(server.Url, new BatchingOptions(), space: "batch");
        await first.OpenAsync(Stop);
        await using var second = TestStore.Open(server.Url, new BatchingOptions(), space: "batch", partitions: 16);
        var fault = await Assert.ThrowsAsync<BatchStoreException>(() => second.OpenAsync(Stop));
        Assert.Contains("8 partitions", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_redis_evicts_keys_does_not_start()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", "volatile-lru");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddBatching<string>().UseRedis(server.Url);
        using var host = builder.Build();
        await Assert.ThrowsAsync<BatchStoreException>(() => host.StartAsync(Stop));
    }

    private sealed class WarningLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Lines.Add(formatter(state, exception));
        }
    }
}
