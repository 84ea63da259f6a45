using Rafaga.Batching;

namespace Rafaga.CrashTarget;

/// <summary>Does what a backend does: some work, the effect in one transaction under the batch id, some more work.</summary>
internal sealed class EffectHandler(EffectFile effects, TimeProvider time, Random random) : IBatchHandler<string>
{
    private const int LongestWorkMilliseconds = 10;

    public async Task HandleAsync(Batch<string> batch, BatchContext context, CancellationToken cancellationToken)
    {
        Target.Say($"begun {batch.Id} {batch.Fence}");
        try
        {
            await WorkAsync(cancellationToken);
            effects.Apply(batch);
            Target.Say($"effect {batch.Id} {batch.Fence}");
            await WorkAsync(cancellationToken);
        }
        finally
        {
            Target.Say($"ended {batch.Id} {batch.Fence}");
        }
    }

    private Task WorkAsync(CancellationToken cancellationToken)
    {
        TimeSpan work;
        lock (random) work = TimeSpan.FromMilliseconds(random.Next(LongestWorkMilliseconds));
        return Task.Delay(work, time, cancellationToken);
    }
}
