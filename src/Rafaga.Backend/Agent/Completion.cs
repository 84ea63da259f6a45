using Rafaga.Backend.Delivery;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Resources;

namespace Rafaga.Backend.Agent;

/// <summary>What code guarantees after the model's turn, whatever the model did: every usable file is saved once, and the reply is true about it.</summary>
internal static class Completion
{
    private const int MaxCaption = 40;

    /// <summary>Saves what the model has left out and gives the reply to send.</summary>
    public static CompletedTurn Finish(Turn turn, AgentRun run)
    {
        var (workbench, modelText) = (turn.Workbench, run.Text);
        var texts = new Texts(turn.Context.Language);
        var taken = workbench.NewMemories.Select(memory => memory.Item!.Handle).ToHashSet(StringComparer.Ordinal);
        var forgotten = workbench.Items.Where(item => item.Stored is not null && !taken.Contains(item.Handle)).ToList();
        foreach (var item in forgotten) workbench.AddForgotten(item);

        var saved = Saved(workbench);
        List<string> parts = [];
        if (modelText is null) parts.Add(WhatHappened(turn, run.StoppedBy, saved, texts));
        else
        {
            parts.Add(modelText);
            if (NeedsCount(workbench, modelText, saved.Count, forgotten.Count)) parts.Add(texts.Exactly(saved));
        }

        parts.AddRange(workbench.NewInvites
            .Where(invite => modelText?.Contains(invite.Code, StringComparison.OrdinalIgnoreCase) != true)
            .Select(invite => texts.Invitation(invite.Event.Name, invite.Code, invite.ExpiresAt)));
        parts.AddRange(Unusable(workbench.Items, modelText, texts));
        parts.AddRange(Unsaid(turn, texts));
        return new CompletedTurn(Join(parts), modelText is null ? null : Claims.Question(modelText), forgotten.Count);
    }

    /// <summary>The reply of a turn that no model was asked about: what code has carried out by itself is not worth many words.</summary>
    public static CompletedTurn Quiet(Turn turn)
    {
        var texts = new Texts(turn.Context.Language);
        List<string> parts = turn.Workbench.ChangedMemories.Count > 0 ? [texts.Corrected] : [];
        parts.AddRange(Unsaid(turn, texts));
        return new CompletedTurn(Join(parts), null, 0);
    }

    private static string Join(IEnumerable<string> parts) => string.Join("\n\n", parts.Where(part => part.Length > 0));

    // What the agent was told of; what code has put in its place says nothing.
    private static List<string> Saved(Workbench workbench) => [.. workbench.NewMemories.Where(memory => memory.Beside is null).Select(memory => memory.Kind)];

    private static IEnumerable<string> Unsaid(Turn turn, Texts texts)
    {
        foreach (var lost in Unusable(turn.LostLate, null, texts)) yield return lost;
        if (turn.Unkept.Count > 0) yield return texts.CannotKeep(turn.Unkept);
    }

    private static IEnumerable<string> Unusable(IReadOnlyList<ReceivedItem> items, string? modelText, Texts texts)
    {
        foreach (var item in items.Where(item => item.Problem is not null))
        {
            // A person counts the photos, and the videos, each for themselves.
            List<ReceivedItem> alike = [.. items.Where(other => other.Kind == item.Kind)];
            var place = alike.IndexOf(item) + 1;
            if (modelText is not null && Claims.AdmitsFailure(modelText, item.Kind, place, alike.Count)) continue;
            yield return texts.Unusable(item.Kind, alike.Count == 1 ? null : place, PlainText.Clean(item.Message.Text, MaxCaption), item.Problem!);
        }
    }

    private static bool NeedsCount(Workbench workbench, string reply, int saved, int forgotten)
    {
        if (workbench.Items.Count == 0) return false;
        var claims = Claims.Saved(reply);
        return claims.Count == 0 ? forgotten > 0 : !claims.Contains(saved) && claims.Sum() != saved;
    }

    private static string WhatHappened(Turn turn, string? stoppedBy, List<string> saved, Texts texts)
    {
        var workbench = turn.Workbench;
        var updated = workbench.ChangedMemories.Count;
        List<string> parts = [.. workbench.NewEvents.Select(made => texts.EventCreated(made.Name))];
        if (stoppedBy == RunStop.Daily) parts.Insert(0, texts.DailyLimit);
        else if (stoppedBy == RunStop.Refusal) parts.Insert(0, texts.NotAnswered);
        if (saved.Count > 0) parts.Add(texts.Saved(saved));
        if (updated > 0) parts.Add(texts.Updated(updated));
        var saidBelow = (workbench.Items.Count > 0 && saved.Count == 0) || workbench.NewInvites.Count > 0 || turn.Unkept.Count > 0 || turn.LostLate.Count > 0;
        return parts.Count > 0 ? string.Join(' ', parts) : saidBelow ? "" : texts.NothingDone;
    }
}

/// <summary>A turn with nothing left to do but to commit it.</summary>
/// <param name="Reply">What the person is told; empty says nothing.</param>
/// <param name="Question">What the reply asks; null when it asks nothing.</param>
/// <param name="SavedByCode">Files that the model had left out.</param>
internal sealed record CompletedTurn(string Reply, string? Question, int SavedByCode);
