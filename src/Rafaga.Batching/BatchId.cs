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

    /// <inheritdoc/>
    public override string ToString() => Value;
}
