using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Live;

/// <summary>Runs alone: it counts what the whole process allocates.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests(SharedRedis redis)
{
    private const int Calls = 20_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public async Task A_call_like_an_append_allocates_less_than_a_kilobyte(int tasks)
    {
        await using var client = TestClient.For(redis.Server.Url);
        var script = new RedisScript("return {#ARGV[8], 'open', 1}");
        ReadOnlyMemory<byte> body = new byte[1024];
        await RunAsync(Calls / 10);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync(Calls);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls;

        TestContext.Current.SendDiagnosticMessage("{0} bytes a call with {1} tasks", each, tasks);
        Assert.InRange(each, 1, 1024);

        Task RunAsync(int calls) => Task.WhenAll(Enumerable.Range(0, tasks).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < calls / tasks; i++)
            {
                if ((await AppendAsync(i)).Items[0].AsInteger() != 1024) Assert.Fail("Not the reply of this call.");
            }
        })));

        ValueTask<RespValue> AppendAsync(int i) => client.EvalAsync(
            script,
            [RespArgument.Join("batch:{p1}:due", ""), RespArgument.Join("batch:{p1}:window:", "telegram:1:2:0:3"), RespArgument.Join("batch:{p1}:ids:", "telegram:1:2:0:3"), RespArgument.Join("batch:{p1}:state:", "telegram:1:2:0:3")],
            ["telegram:1:2:0:3", "m123456", i, 12_500, 60_000, 20, 10, body],
            Stop);
    }
}
