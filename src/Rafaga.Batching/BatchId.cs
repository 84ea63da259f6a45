using System.Globalization;

namespace Rafaga.Batching;

/// <summary>Identity of a window and of the batch that it becomes: 32 hexadecimal digits of a UUID version 7, so that ids sort by time.</summary>
/// <param name="Value">The digits.</param>
public readonly record struct BatchId(string Value)
{
    /// <summary>A new id.</summary>
    public static BatchId New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new BatchId(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
    }

    /// <summary>Stands before every id that is given at a moment or later, and behind all earlier ones: a bound for <see cref="BatchQuery.Before"/>.</summary>
    public static BatchId FirstAt(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
