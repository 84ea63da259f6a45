using System.Globalization;

namespace Rafaga.Contracts;

/// <summary>What a button under a reply carries: the worker writes it, the bot reads it when the button is pressed. Always less than the 64 bytes that Telegram allows.</summary>
/// <param name="BatchId">The batch that the reply answers.</param>
public abstract record ReplyButton(string BatchId)
{
    /// <summary>Most choices under one reply.</summary>
    public const int MaxChoices = 10;

    /// <summary>Longest choice, in UTF-16 units; a longer one is cut.</summary>
    public const int MaxLength = 64;

    /// <summary>Reads what <see cref="object.ToString"/> of a button wrote; null if it is none.</summary>
    public static ReplyButton? Read(string? data) => data?.Split(':') switch
    {
        ["f", "u", { Length: > 0 } batch] => new Feedback(batch, Good: true),
        ["f", "d", { Length: > 0 } batch] => new Feedback(batch, Good: false),
        ["c", var index, { Length: > 0 } batch] when int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => new Choice(batch, number),
        _ => null,
    };

    /// <summary>The person says whether the reply was good: <c>f:u:batch</c> or <c>f:d:batch</c>.</summary>
    /// <param name="BatchId">The batch that the reply answers.</param>
    /// <param name="Good">Thumb up.</param>
    public sealed record Feedback(string BatchId, bool Good) : ReplyButton(BatchId)
    {
        /// <inheritdoc/>
        public override string ToString() => $"f:{(Good ? 'u' : 'd')}:{BatchId}";
    }

    /// <summary>The person answers with one of <see cref="BatchReply.Choices"/>: <c>c:index:batch</c>. Its text is that of the button.</summary>
    /// <param name="BatchId">The batch that the reply answers.</param>
    /// <param name="Index">From 0.</param>
    public sealed record Choice(string BatchId, int Index) : ReplyButton(BatchId)
    {
        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"c:{Index}:{BatchId}");
    }
}
