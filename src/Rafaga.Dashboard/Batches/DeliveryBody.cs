using System.Text.Json;
using Rafaga.Batching;
using Rafaga.Contracts;

namespace Rafaga.Dashboard.Batches;

/// <summary>A batch as the worker posts it to the backend.</summary>
internal static class DeliveryBody
{
    /// <param name="batch">The batch with its messages.</param>
    /// <param name="now">When a window that is still open would be closed, by hand.</param>
    /// <returns>Null when a message is not JSON.</returns>
    public static byte[]? Of(Batch batch, DateTimeOffset now)
    {
        try
        {
            var request = new BatchRequest(
                batch.Id.Value, batch.Conversation.Value, batch.Fence, Math.Max(1, batch.Attempt), (batch.CloseReason ?? CloseReason.Flush).Name(), batch.OpenedAt, batch.SealedAt ?? now,
                [.. batch.Messages.Select(m => new BatchMessage(m.Message.Id, m.AppendedAt, JsonElement.Parse(m.Message.Body.Span)))]);
            return JsonSerializer.SerializeToUtf8Bytes(request, ContractsJson.Default.BatchRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
