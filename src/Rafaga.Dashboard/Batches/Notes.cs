using System.Text.Json;
using Rafaga.Batching;
using Rafaga.Contracts;

namespace Rafaga.Dashboard.Batches;

/// <summary>Reads what the worker noted with a batch. A handler of somebody's own may have kept something else there.</summary>
internal static class Notes
{
    public static DeliveryNote Of(BatchInfo batch)
    {
        try
        {
            return DeliveryNote.Read(batch.Progress);
        }
        catch (JsonException)
        {
            return new DeliveryNote();
        }
    }

    /// <summary>What was answered to the person; null when nothing was, or when the answer was too long to be kept whole.</summary>
    public static string? Reply(DeliveryNote note)
    {
        try
        {
            return note.Attempts is [.., { Status: 200, Answer: { } answer }] ? JsonSerializer.Deserialize(answer, ContractsJson.Default.BatchReply)?.Text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
