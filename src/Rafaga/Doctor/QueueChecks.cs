using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Settings;

namespace Rafaga.Doctor;

/// <summary>What the queue would lose, here, when what dies.</summary>
internal static class QueueChecks
{
    private const string Name = "queue";

    public static async Task<IReadOnlyList<Finding>> RunAsync(RafagaSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (settings.Redis.Url is not { } url) return [new Finding(Name, Verdict.Ok, texts => texts["DoctorSqliteQueue"])];
        try
        {
            List<Finding> findings = [];
            foreach (var server in await RedisServerState.ReadAsync(url, time, cancellationToken))
            {
                if (!server.IsSupported) findings.Add(new Finding(Name, Verdict.Failed, texts => texts["DoctorRedisOld", server.Server, server.Version, RedisServerState.OldestVersion.ToString(2)]));
                findings.Add(Durability(server));
                if (server.EvictionPolicy != RedisServerState.KeepsAll) findings.Add(new Finding(Name, Verdict.Failed, texts => texts["DoctorEviction", server.Server, server.EvictionPolicy]));
                if (Examination.ClockOff(Name, server.Server, server.Now, time.GetUtcNow()) is { } off) findings.Add(off);
            }

            return findings;
        }
        catch (BatchStoreException e)
        {
            return [new Finding(Name, Verdict.Failed, e.Message)];
        }
    }

    private static Finding Durability(RedisServerState server) => new(
        Name,
        server.Durability == RedisDurability.Always ? Verdict.Ok : Verdict.Warning,
        texts => texts[$"DoctorRedis{server.Durability}", server.Server, server.Version]);
}
