namespace Rafaga.Batching;

/// <summary>The key that messages are collected by. One conversation has one open window and at most one batch in work.</summary>
public readonly record struct ConversationId
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>Names a conversation.</summary>
    /// <param name="value">1 to <see cref="MaxLength"/> characters, none of them a control character or a brace.</param>
    /// <exception cref="ArgumentException">The key is empty, too long, or holds a character that is not allowed.</exception>
    public ConversationId(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        if (value.Length > MaxLength)
            throw new ArgumentException($"A conversation id has at most {MaxLength} characters; this one has {value.Length}.", nameof(value));
        // Braces choose the slot of a key in Redis Cluster: a key from outside must not.
        if (value.Any(c => char.IsControl(c) || c is '{' or '}'))
            throw new ArgumentException("A conversation id has no control characters and no braces.", nameof(value));
        Value = value;
    }

    /// <summary>The key as given.</summary>
    public string Value => field ?? throw new InvalidOperationException("A default ConversationId names no conversation.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
