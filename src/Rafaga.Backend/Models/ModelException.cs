namespace Rafaga.Backend.Models;

/// <summary>The model gave no answer, and why. The message is ours: a vendor's may repeat what was said to it.</summary>
internal sealed class ModelException(ModelFault fault, string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public ModelFault Fault => fault;

    /// <summary>How long the vendor, or the pause after many failures, asks to wait.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Whatever a client throws, in these terms. What a vendor's library says may hold what was said to it.</summary>
    public static ModelException Of(Exception e) => e as ModelException ?? new ModelException(ModelFault.Unusable, $"The model's answer could not be used ({e.GetType().Name}).", inner: e);
}

/// <summary>What can be wrong with a call to a model; each has a cure of its own.</summary>
internal enum ModelFault
{
    /// <summary>Too many requests, and when the next one may come is known.</summary>
    RateLimited,

    /// <summary>The vendor has too much to do, or an error of its own; later it works.</summary>
    Unavailable,

    /// <summary>Nobody there, or no answer in time.</summary>
    Unreachable,

    /// <summary>An answer that is none: another shape, or words that cannot be sent back.</summary>
    Unusable,

    /// <summary>Key, permission, money or model: nothing works until the operator has seen to it.</summary>
    Blocked,

    /// <summary>More than the model can read at once.</summary>
    TooLong,

    /// <summary>The vendor refuses this very request; the same again would fail the same.</summary>
    Rejected,
}
