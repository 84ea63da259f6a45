using System.Globalization;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Bench.Ours;

/// <summary>What the server can do at most, through our own client: one command, and the least that a script can do.</summary>
internal static class Ceiling
{
    private static readonly RedisScript PushScript = new("return redis.call('RPUSH', KEYS[1], ARGV[1])");

    public static async Task RunAsync(Rig rig, Size size, Figures figures)
    {
        string[] keys = [.. Enumerable.Range(0, size.Conversations).Select(number => string.Create(CultureInfo.InvariantCulture, $"ceiling:{number}"))];
        await using var client = rig.OpenClient();
        await client.EvalAsync(PushScript, ["ceiling:warm"], [Rig.Body]);
        figures.Add(Figure.PushCeiling, await Load.RateAsync(Rig.Tasks, size.Messages, async number =>
            await client.SendAsync(RespCommand.OnKey("RPUSH", keys[number % keys.Length], Rig.Body))));
        await rig.EmptyAsync();
        figures.Add(Figure.ScriptCeilingServer, await rig.ServerTimeAsync(size.Messages, async () =>
            figures.Add(Figure.ScriptCeiling, await Load.RateAsync(Rig.Tasks, size.Messages, async number => await client.EvalAsync(PushScript, [keys[number % keys.Length]], [Rig.Body])))));
    }
}
