using System.Text.Json;
using Microsoft.Extensions.Options;
using Rafaga.Batching;

namespace Rafaga.Bot.Intake;

/// <summary>
/// Which messages of a group belong to a burst although they do not name the bot. The answer comes from what the store holds and from Telegram's own
/// times, so it is the same for every process of the bot, after a restart and however late the message arrives.
/// </summary>
internal sealed class GroupBursts(IBatchInspector inspector, IOptions<BatchingOptions> window)
{
    // A window and what went before it: enough for a burst, for a late member of an album and for an edit soon after.
    private const int Lookback = 5;

    private static readonly JsonDocumentOptions Generous = new() { MaxDepth = 1000 };

    /// <summary>Whether a message that does not name the bot belongs to what its sender has said to the bot.</summary>
    public async Task<bool> HoldAsync(UpdateMapper mapper, UpdateOutcome.Collect message, CancellationToken cancellationToken)
    {
        var page = await inspector.ListAsync(new BatchQuery { Conversation = message.Conversation, Limit = Lookback }, cancellationToken);
        List<UpdateOutcome.Collect> said = [];
        foreach (var info in page.Batches.Where(batch => batch.State != BatchState.Cancelled))
        {
            if (await inspector.FindAsync(info, cancellationToken) is not { } batch) continue;
            said.AddRange(batch.Messages.Select(m => mapper.Map(JsonDocument.Parse(m.Message.Body, Generous).RootElement)).OfType<UpdateOutcome.Collect>());
        }

        return Belongs(message, said, window.Value.QuietPeriod, window.Value.MaxWait);
    }

    /// <summary>The rule.</summary>
    /// <param name="message">The message in question.</param>
    /// <param name="said">What its sender has said to the bot of late.</param>
    /// <param name="quiet">Silence that ends a burst.</param>
    /// <param name="longest">How long after its last mention of the bot a burst goes on at most: somebody who chats on with others is let go.</param>
    internal static bool Belongs(UpdateOutcome.Collect message, IReadOnlyList<UpdateOutcome.Collect> said, TimeSpan quiet, TimeSpan longest)
    {
        if (said.Any(other => other.Message.GroupOrder == message.Message.GroupOrder)) return true;
        if (message.Addressee == Addressee.Others) return false;
        if (message.Message.Group is { } album && said.Any(other => other.Message.Group == album)) return true;
        return said.Any(other => other.Addressee == Addressee.Bot && Follows(other, longest)) && said.Any(other => Follows(other, quiet));

        // Telegram's times are whole seconds.
        bool Follows(UpdateOutcome.Collect other, TimeSpan within) =>
            message.Origin.At >= other.Origin.At && message.Origin.At - other.Origin.At <= within + TimeSpan.FromSeconds(1);
    }
}
