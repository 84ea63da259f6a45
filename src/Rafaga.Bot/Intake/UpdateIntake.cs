using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Bot.Commands;

namespace Rafaga.Bot.Intake;

/// <summary>What was done with a page of updates.</summary>
/// <param name="NextOffset">Confirms what was taken; null when no id on the page could be read.</param>
/// <param name="Collected">Messages that joined a window.</param>
/// <param name="Duplicates">Messages that were known already.</param>
/// <param name="Commands">Commands carried out.</param>
/// <param name="Ignored">Updates that are nothing for us.</param>
/// <param name="Rejected">Updates set aside.</param>
internal sealed record TakenPage(long? NextOffset, int Collected, int Duplicates, int Commands, int Ignored, int Rejected);

/// <summary>Takes updates, so that they may be confirmed to Telegram: durably appended, set aside, or none of ours.</summary>
internal sealed partial class UpdateIntake(IBatcher<JsonElement> batcher, CommandDesk commands, RejectedUpdates rejected, BotMetrics metrics, ILogger<UpdateIntake> logger)
{
    /// <summary>Takes the updates of a page in order, up to the first command.</summary>
    /// <remarks>
    /// A command ends its page: what follows is fetched again after the command was confirmed. So a command that is delivered
    /// a second time, after a crash, cannot touch messages that were written after it.
    /// </remarks>
    /// <exception cref="Exception">The store or the disk refused. Nothing may be confirmed; what was taken is recognised next time.</exception>
    public async Task<TakenPage> TakeAsync(UpdateMapper mapper, IReadOnlyList<JsonElement> page, CancellationToken cancellationToken)
    {
        using var activity = BotMetrics.Receive(page.Count);
        var taken = new TakenPage(null, 0, 0, 0, 0, 0);
        foreach (var update in page)
        {
            var outcome = mapper.Map(update);
            taken = await TakeAsync(outcome, update, taken, cancellationToken);
            // Ids on a page rise, but nothing depends on it.
            if (outcome.UpdateId is { } id) taken = taken with { NextOffset = Math.Max(taken.NextOffset ?? long.MinValue, id + 1) };
            if (outcome is UpdateOutcome.Command) break;
        }

        metrics.Taken(taken);
        return taken;
    }

    private async Task<TakenPage> TakeAsync(UpdateOutcome outcome, JsonElement update, TakenPage taken, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case UpdateOutcome.Collect collect:
                try
                {
                    var appended = await batcher.AppendAsync(collect.Conversation, collect.Message, cancellationToken);
                    return appended.Duplicate ? taken with { Duplicates = taken.Duplicates + 1 } : taken with { Collected = taken.Collected + 1 };
                }
                catch (MessageTooLargeException e)
                {
                    return await RejectAsync(e.Message);
                }

            case UpdateOutcome.Command command:
                await commands.HandleAsync(command, update, cancellationToken);
                return taken with { Commands = taken.Commands + 1 };

            case UpdateOutcome.Ignore ignore:
                LogIgnored(ignore.UpdateId, ignore.Reason);
                return taken with { Ignored = taken.Ignored + 1 };

            case UpdateOutcome.Unreadable unreadable:
                return await RejectAsync(unreadable.Reason);

            default:
                throw new InvalidOperationException(outcome.GetType().Name);
        }

        async Task<TakenPage> RejectAsync(string reason)
        {
            var file = await rejected.KeepAsync(update, outcome.UpdateId, cancellationToken);
            LogRejected(outcome.UpdateId, reason, file);
            return taken with { Rejected = taken.Rejected + 1 };
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BOT] update {UpdateId} ignored: {Reason}")]
    private partial void LogIgnored(long? updateId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "[BOT] update {UpdateId} cannot be taken ({Reason}); it is kept as {File} in the folder of rejected updates")]
    private partial void LogRejected(long? updateId, string reason, string file);
}
