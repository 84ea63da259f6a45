using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Bot.Access;
using Rafaga.Bot.Commands;

namespace Rafaga.Bot.Intake;

/// <summary>What was done with a page of updates.</summary>
/// <param name="NextOffset">Confirms what was taken; null when no id on the page could be read.</param>
/// <param name="Collected">Messages that joined a window.</param>
/// <param name="Duplicates">Messages that were known already.</param>
/// <param name="Commands">Commands and presses carried out.</param>
/// <param name="Ignored">Updates that are nothing for us.</param>
/// <param name="Rejected">Updates set aside.</param>
internal sealed record TakenPage(long? NextOffset, int Collected, int Duplicates, int Commands, int Ignored, int Rejected)
{
    /// <summary>Updates of people who may not use the bot, or not so much of it.</summary>
    public int Refused { get; init; }
}

/// <summary>Takes updates, so that they may be confirmed to Telegram: durably appended, set aside, or none of ours. Safe for use by several threads.</summary>
internal sealed partial class UpdateIntake(
    IBatcher<JsonElement> batcher, CommandDesk commands, PressDesk presses, AccessDesk access, GroupBursts groups, WaitingAlbums albums, StandingDesk standings, RejectedUpdates rejected,
    BotMetrics metrics, TimeProvider time, ILogger<UpdateIntake> logger)
{
    /// <summary>Takes the updates of a page in order, up to the first command or press.</summary>
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
            using var process = BotMetrics.Process(activity);
            var outcome = mapper.Map(update);
            taken = await TakeAsync(mapper, outcome, update, taken, cancellationToken);
            // Ids on a page rise, but nothing depends on it.
            if (outcome.UpdateId is { } id) taken = taken with { NextOffset = Math.Max(taken.NextOffset ?? long.MinValue, id + 1) };
            if (outcome is UpdateOutcome.Command or UpdateOutcome.Press) break;
        }

        metrics.Taken(taken);
        return taken;
    }

    private async Task<TakenPage> TakeAsync(UpdateMapper mapper, UpdateOutcome outcome, JsonElement update, TakenPage taken, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case UpdateOutcome.Collect collect:
                return await CollectAsync(mapper, collect, taken, cancellationToken);

            case UpdateOutcome.Command command:
                if (!await access.AdmitsAsync(command, cancellationToken)) return Refused(command.UpdateId, taken);
                await commands.HandleAsync(command, update, cancellationToken);
                access.Took(command.Origin);
                return taken with { Commands = taken.Commands + 1 };

            case UpdateOutcome.Press press:
                if (!await access.AdmitsAsync(press, cancellationToken)) return Refused(press.UpdateId, taken);
                await presses.HandleAsync(press, update, cancellationToken);
                return taken with { Commands = taken.Commands + 1 };

            case UpdateOutcome.Standing standing:
                await standings.HandleAsync(standing, cancellationToken);
                return taken with { Ignored = taken.Ignored + 1 };

            case UpdateOutcome.Ignore ignore:
                return Ignored(ignore.UpdateId, ignore.Reason, taken);

            case UpdateOutcome.Unreadable unreadable:
                return await RejectAsync(update, outcome.UpdateId, unreadable.Reason, taken, cancellationToken);

            default:
                throw new InvalidOperationException(outcome.GetType().Name);
        }
    }

    private async Task<TakenPage> CollectAsync(UpdateMapper mapper, UpdateOutcome.Collect collect, TakenPage taken, CancellationToken cancellationToken)
    {
        // Of a message that was taken, a new version is taken, whomever it names now.
        if (collect is { Addressee: Addressee.Others, Edits: null }) return Ignored(collect.UpdateId, "for somebody else in the group", taken);
        if (collect.Addressee != Addressee.Bot && !await groups.HoldAsync(mapper, collect, cancellationToken))
        {
            if (collect.Addressee == Addressee.Nobody) albums.Keep(collect);
            return Ignored(collect.UpdateId, "not for the bot", taken);
        }

        if (!await access.AdmitsAsync(collect.Origin, collect.Conversation, cancellationToken)) return Refused(collect.UpdateId, taken);
        foreach (var member in albums.SiblingsOf(collect)) taken = await AppendAsync(member, taken, cancellationToken);
        return await AppendAsync(collect, taken, cancellationToken);
    }

    private async Task<TakenPage> AppendAsync(UpdateOutcome.Collect collect, TakenPage taken, CancellationToken cancellationToken)
    {
        try
        {
            if (await IsKnownAsync(collect, cancellationToken)) return taken with { Duplicates = taken.Duplicates + 1 };
            access.Took(collect.Origin);
            if (time.GetUtcNow() - collect.Origin.At is var waited && waited > LastContact.Alarm) LogOld(collect.UpdateId, waited.TotalHours);
            return taken with { Collected = taken.Collected + 1 };
        }
        catch (MessageTooLargeException e)
        {
            return await RejectAsync(collect.Message.Body, collect.UpdateId, e.Message, taken, cancellationToken);
        }
    }

    // A new version takes the place of its message while that waits; later it is an item of its own, which the backend carries over.
    private async Task<bool> IsKnownAsync(UpdateOutcome.Collect collect, CancellationToken cancellationToken) => collect.Edits is { } message
        ? (await batcher.EditAsync(collect.Conversation, message, collect.Message, cancellationToken)).Outcome == EditOutcome.Duplicate
        : (await batcher.AppendAsync(collect.Conversation, collect.Message, cancellationToken)).Duplicate;

    private async Task<TakenPage> RejectAsync(JsonElement update, long? updateId, string reason, TakenPage taken, CancellationToken cancellationToken)
    {
        var file = await rejected.KeepAsync(update, updateId, cancellationToken);
        LogRejected(updateId, reason, file);
        return taken with { Rejected = taken.Rejected + 1 };
    }

    private TakenPage Ignored(long? updateId, string reason, TakenPage taken)
    {
        LogIgnored(updateId, reason);
        return taken with { Ignored = taken.Ignored + 1 };
    }

    private TakenPage Refused(long? updateId, TakenPage taken)
    {
        LogRefused(updateId);
        return taken with { Refused = taken.Refused + 1 };
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BOT] update {UpdateId} refused")]
    private partial void LogRefused(long? updateId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BOT] update {UpdateId} ignored: {Reason}")]
    private partial void LogIgnored(long? updateId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] update {UpdateId} waited for {Hours:F1} hours. Telegram keeps what people write for 24: what they wrote before it may be lost")]
    private partial void LogOld(long? updateId, double hours);

    [LoggerMessage(Level = LogLevel.Error, Message = "[BOT] update {UpdateId} cannot be taken ({Reason}); it is kept as {File} in the folder of rejected updates")]
    private partial void LogRejected(long? updateId, string reason, string file);
}
