using System.Text.Json;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Worker.Replies;

namespace Rafaga.Worker;

/// <summary>One batch on its way to the backend and back: who is answered, and where its note is kept.</summary>
internal sealed record Delivery(Batch<JsonElement> Batch, BatchContext Context, Recipient Recipient, LastMessage Last)
{
    public DeliveryNote Note => DeliveryNote.Read(Context.Progress);

    /// <summary>Null when the conversation's key does not name a chat.</summary>
    public static Delivery? Of(Batch<JsonElement> batch, BatchContext context) =>
        ConversationKey.TryParse(batch.Conversation.Value, out var conversation) ? new Delivery(batch, context, Recipient.Of(conversation), LastMessage.Of(batch)) : null;
}
