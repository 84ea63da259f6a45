using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rafaga.Batching;
using Rafaga.Dashboard.Batches;
using Rafaga.Dashboard.Windows;

namespace Rafaga.Dashboard.Api;

/// <summary>The query of <c>GET /api/batches</c> and of the page <c>/batches</c>; what is left empty does not filter.</summary>
internal sealed class BatchFilter
{
    /// <summary>One or more states, separated by commas.</summary>
    [FromQuery] public string? State { get; init; }

    /// <summary>Key of a conversation.</summary>
    [FromQuery] public string? Conversation { get; init; }

    /// <summary>Id of a private chat.</summary>
    [FromQuery] public string? Chat { get; init; }

    /// <summary>Words in texts, names and errors; the id of a chat or the key of a conversation names it.</summary>
    [FromQuery(Name = "q")] public string? Words { get; init; }

    /// <summary>Anything: only batches with a photo.</summary>
    [FromQuery] public string? Photo { get; init; }

    /// <summary>Opened at this time or later.</summary>
    [FromQuery] public string? From { get; init; }

    /// <summary>Opened at this time or earlier.</summary>
    [FromQuery] public string? To { get; init; }

    /// <summary>The <c>next</c> of the page before.</summary>
    [FromQuery] public string? Before { get; init; }

    /// <summary>Page size.</summary>
    [FromQuery] public string? Limit { get; init; }

    public bool TryRead(Conversations conversations, TimeZoneInfo zone, [NotNullWhen(true)] out BatchSearch? search, [NotNullWhen(false)] out string? fault)
    {
        search = null;
        if (!TryStates(out var states, out fault) || !TryLimit(out var limit, out fault)) return false;
        if (!TryTime("from", From, zone, out var from, out fault) || !TryTime("to", To, zone, out var to, out fault)) return false;

        var who = !string.IsNullOrEmpty(Conversation) ? Conversation : Chat;
        var words = Words?.Trim();
        ConversationId conversation = default;
        if (!string.IsNullOrEmpty(who) && !conversations.TryRead(who, out conversation))
        {
            fault = $"\"{who}\" is neither the id of a chat nor the key of a conversation.";
            return false;
        }

        if (string.IsNullOrEmpty(who) && !string.IsNullOrEmpty(words) && conversations.TryRead(words, out conversation)) (who, words) = (words, null);

        // An id begins with its time: the first id that may come after a moment stands for it.
        var before = string.IsNullOrEmpty(Before) ? null : Before;
        if (to is { } end && BatchId.FirstAt(end.AddMilliseconds(1)).Value is var bound && (before is null || string.CompareOrdinal(bound, before) < 0)) before = bound;
        search = new BatchSearch(new BatchQuery
        {
            States = states,
            Conversation = string.IsNullOrEmpty(who) ? null : conversation,
            Before = before is null ? null : new BatchId(before),
            Limit = limit,
        })
        {
            Text = string.IsNullOrEmpty(words) ? null : words,
            WithPhoto = !string.IsNullOrEmpty(Photo),
            From = from,
        };
        return true;
    }

    private bool TryStates(out List<BatchState> states, [NotNullWhen(false)] out string? fault)
    {
        states = [];
        foreach (var name in (State ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!BatchNames.TryParse(name, out BatchState state))
            {
                fault = $"state must be of {string.Join(", ", Enum.GetValues<BatchState>().Select(s => s.Name()))}; \"{name}\" is not.";
                return false;
            }

            states.Add(state);
        }

        fault = null;
        return true;
    }

    private bool TryLimit(out int limit, [NotNullWhen(false)] out string? fault)
    {
        limit = new BatchQuery().Limit;
        fault = null;
        if (string.IsNullOrEmpty(Limit) || (int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= BatchQuery.MaxLimit)) return true;
        fault = $"limit must be a number from 1 to {BatchQuery.MaxLimit}.";
        return false;
    }

    private static bool TryTime(string name, string? text, TimeZoneInfo zone, out DateTimeOffset? time, [NotNullWhen(false)] out string? fault)
    {
        (time, fault) = (null, null);
        if (string.IsNullOrEmpty(text)) return true;
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var read))
        {
            time = read.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(read, zone.GetUtcOffset(read)) : new DateTimeOffset(read);
            return true;
        }

        fault = $"{name} must be a time such as 2026-05-02T18:30; \"{text}\" is not.";
        return false;
    }
}
