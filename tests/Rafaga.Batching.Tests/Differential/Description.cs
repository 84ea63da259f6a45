using System.Globalization;
using System.Text;

namespace Rafaga.Batching.Tests.Differential;

/// <summary>Outcomes and states as text: what must be equal, and what a person reads when it is not.</summary>
internal static class Description
{
    public static string Of(object? outcome) => outcome is ClaimResult claim
        ? $"leased [{string.Join("; ", claim.Batches.Select(Of))}] buried [{string.Join(", ", claim.Buried)}] next in {claim.NextIn}"
        : outcome?.ToString() ?? "";

    public static string Of(BatchInfo b) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {b.Id} {b.Conversation} {b.State} {b.CloseReason} opened {Of(b.OpenedAt)} last {Of(b.LastAppendedAt)} sealed {Of(b.SealedAt)} ended {Of(b.EndedAt)} due {Of(b.DueAt)} m{b.MessageCount} p{b.PhotoCount} b{b.ByteCount} group {b.LastGroup} attempt {b.Attempt} crashes {b.Crashes} fence {b.Fence} progress '{Encoding.UTF8.GetString(b.Progress.Span)}' error '{b.Error}' note '{b.Note}'
        """);

    public static string Of(IEnumerable<StoredMessage> messages) => string.Concat(messages.Select(m =>
        $" | {m.Sequence} {m.Message.Id} {Of(m.AppendedAt)} {m.Message.Group}#{m.Message.GroupOrder} p{m.Message.Photos} {m.Message.TraceParent} '{Encoding.UTF8.GetString(m.Message.Body.Span)}'"));

    private static string Of(LeasedBatch leased) =>
        $"{leased.Lease} at {Of(leased.LeasedAt)} exhausted {leased.Exhausted} {Of((BatchInfo)leased.Batch)}{Of(leased.Batch.Messages)}";

    private static string Of(DateTimeOffset? time) => time?.ToString("HH:mm:ss.fffffff", CultureInfo.InvariantCulture) ?? "-";
}
