using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Models;

/// <summary>
/// Asks again where that helps, within reason: short waits happen here, longer ones are the queue's, where they cost nothing. After failures that
/// everybody would meet, it lets nobody through for a while.
/// </summary>
internal sealed class PatientChatClient(IChatClient inner, TimeSpan timeout, TimeProvider time, Random random) : DelegatingChatClient(inner)
{
    private const int MaxTries = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WhileBlocked = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private DateTimeOffset _closedUntil;
    private ModelException? _closedBy;
    private int _failures;

    /// <exception cref="ModelException">No answer; how long to wait is set unless waiting cannot help.</exception>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        var asked = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var response = await AskAsync(asked, options, cancellationToken);
                Open();
                return response;
            }
            catch (ModelException e) when (!cancellationToken.IsCancellationRequested)
            {
                if (Wait(e, attempt) is { } wait) await Task.Delay(wait, time, cancellationToken);
                else throw Close(e);
            }
        }
    }

    private async Task<ChatResponse> AskAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // A client that does not heed the token must not hold the turn.
            return await base.GetResponseAsync(messages, options, linked.Token).WaitAsync(linked.Token);
        }
        catch (Exception e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ModelException(ModelFault.Unreachable, $"The model did not answer within {timeout.TotalSeconds:F0} s.", inner: e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw ModelException.Of(e);
        }
    }

    // How long to wait before the next try; null when there should be none now. An answer that took too long may have been paid for: not here.
    private TimeSpan? Wait(ModelException e, int attempt)
    {
        if (attempt == MaxTries || e.InnerException is OperationCanceledException) return null;
        if (e.Fault is not (ModelFault.RateLimited or ModelFault.Unavailable or ModelFault.Unreachable or ModelFault.Unusable)) return null;
        var wait = e.RetryAfter ?? Jittered(FirstBackoff * Math.Pow(4, attempt - 1));
        return wait <= LongestWait ? wait : null;
    }

    private ModelException Close(ModelException e)
    {
        // Of one request, and no reason to stop others.
        if (e.Fault is ModelFault.TooLong or ModelFault.Rejected or ModelFault.Unusable) return e;
        lock (_gate)
        {
            _failures++;
            var backoff = Jittered(TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(_failures - 1, 10))));
            var pause = e.Fault == ModelFault.Blocked ? WhileBlocked : e.RetryAfter ?? backoff;
            _closedUntil = time.GetUtcNow() + pause;
            return _closedBy = new ModelException(e.Fault, e.Message, pause, e);
        }
    }

    private void Open()
    {
        lock (_gate)
        {
            _failures = 0;
            _closedBy = null;
        }
    }

    private void ThrowIfClosed()
    {
        lock (_gate)
        {
            if (_closedBy is not { } cause) return;
            var left = _closedUntil - time.GetUtcNow();
            if (left > TimeSpan.Zero) throw new ModelException(cause.Fault, cause.Message, left, cause);
        }
    }

    // Up to a quarter more, so that those who wait do not come back as one.
    private TimeSpan Jittered(TimeSpan wait)
    {
        lock (random) return wait * (1 + (random.NextDouble() / 4));
    }
}
