using System.Text.Json;

namespace Rafaga.Contracts;

/// <summary>What the worker posts to <c>POST /webhook/batch</c>: one sealed batch, whole, in order.</summary>
/// <remarks>The body is the same for every attempt but for <see cref="Fence"/> and <see cref="Attempt"/>; <see cref="BatchId"/> is the idempotency key.</remarks>
/// <param name="BatchId">Identity of the batch; never changes, not even on replay.</param>
/// <param name="Conversation">Key of the conversation: channel, bot, chat, thread, person.</param>
/// <param name="Fence">Rises with each lease of this conversation; a lower one than the newest seen is refused.</param>
/// <param name="Attempt">1 for the first delivery.</param>
/// <param name="CloseReason">Why the window closed: quiet, max_wait, max_messages, max_photos, max_bytes, flush; or single, for an update that came without a window.</param>
/// <param name="OpenedAt">When the first message arrived, store time.</param>
/// <param name="SealedAt">When the window became this batch, store time.</param>
/// <param name="Messages">The messages in order.</param>
public sealed record BatchRequest(
    string BatchId,
    string Conversation,
    long Fence,
    int Attempt,
    string CloseReason,
    DateTimeOffset OpenedAt,
    DateTimeOffset SealedAt,
    IReadOnlyList<BatchMessage> Messages);

/// <summary>One message of a batch.</summary>
/// <param name="Id">Message id within the conversation; the key that duplicates are found by.</param>
/// <param name="ReceivedAt">When it was appended, store time.</param>
/// <param name="Update">The Telegram update as it arrived, untouched.</param>
public sealed record BatchMessage(string Id, DateTimeOffset ReceivedAt, JsonElement Update);
