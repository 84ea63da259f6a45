using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Rafaga.Batching;
using Rafaga.Dashboard.Windows;

namespace Rafaga.Dashboard.Api;

/// <summary>The query of <c>GET /api/batches</c>; what is left empty does not filter.</summary>
internal sealed class BatchFilter
{
    /// <summary>One or more states, separated by commas.</summary>
    [FromQuery] public string? State { get; init; }

    /// <summary>Key of a conversation.</summary>
    [FromQuery] public string? Conversation { get; init; }

    /// <summary>Id of a private chat.</summary>
    [FromQuery] public string? Chat { get; init; }

    /// <summary>The <c>next</c> of the page before.</summary>
    [FromQuery] public string? Before { get; init; }

    /// <summary>Page size.</summary>
    [FromQuery] public string? Limit { get; init; }

    public bool TryRead(Conversations conversations, [NotNullWhen(true)] out BatchQuery? query, [NotNullWhen(false)] out string? fault)
    {
        query = null;
        List<BatchState> states = [];
        foreach (var name in (State ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!BatchNames.TryParse(name, out BatchState state))
            {
                fault = $"state must be of {string.Join(", ", Enum.GetValues<BatchState>().Select(s => s.Name()))}; \"{name}\" is not.";
                return false;
            }

            states.Add(state);
        }

        var limit = new BatchQuery().Limit;
        if (!string.IsNullOrEmpty(Limit)
            && (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > BatchQuery.MaxLimit))
        {
            fault = $"limit must be a number from 1 to {BatchQuery.MaxLimit}.";
            return false;
        }

        var who = string.IsNullOrEmpty(Conversation) ? Chat : Conversation;
        ConversationId conversation = default;
        if (!string.IsNullOrEmpty(who) && !conversations.TryRead(who, out conversation))
        {
            fault = $"\"{who}\" is neither the id of a chat nor the key of a conversation.";
            return false;
        }

        fault = null;
        query = new BatchQuery
        {
            States = states,
            Conversation = string.IsNullOrEmpty(who) ? null : conversation,
            Before = string.IsNullOrEmpty(Before) ? null : new BatchId(Before),
            Limit = limit,
        };
        return true;
    }
}
