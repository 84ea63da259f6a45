using Rafaga.Backend.Resources;

namespace Rafaga.Backend.Agent;

/// <summary>What code guarantees after the model's turn, whatever the model did: every usable photo is saved once, and the reply is true about it.</summary>
internal static class Completion
{
    /// <summary>Saves what the model has left out and gives the reply to send.</summary>
    public static CompletedTurn Finish(Workbench workbench, AgentRun run, string language)
    {
        var modelText = run.Text;
        var texts = new Texts(language);
        var taken = workbench.NewMemories.Select(memory => memory.NewPhoto!.Handle).ToHashSet(StringComparer.Ordinal);
        var forgotten = workbench.Photos.Where(photo => photo.Stored is not null && !taken.Contains(photo.Handle)).ToList();
        foreach (var photo in forgotten) workbench.AddForgotten(photo);

        var saved = workbench.NewMemories.Count;
        List<string> parts = [];
        if (modelText is null) parts.Add(WhatHappened(workbench, run.StoppedBy, texts));
        else
        {
            parts.Add(modelText);
            if (NeedsCount(workbench, modelText, saved, forgotten.Count)) parts.Add(texts.Exactly(saved));
        }

        parts.AddRange(workbench.NewInvites
            .Where(invite => modelText?.Contains(invite.Code, StringComparison.OrdinalIgnoreCase) != true)
            .Select(invite => texts.Invitation(invite.Event.Name, invite.Code, invite.ExpiresAt)));
        for (var i = 0; i < workbench.Photos.Count; i++)
        {
            if (workbench.Photos[i].Problem is not { } problem) continue;
            if (modelText is not null && Claims.AdmitsFailure(modelText, i + 1, workbench.Photos.Count)) continue;
            parts.Add(texts.Unusable(workbench.Photos.Count == 1 ? null : i + 1, problem));
        }

        return new CompletedTurn(string.Join("\n\n", parts.Where(part => part.Length > 0)), modelText is null ? null : Claims.Question(modelText), forgotten.Count);
    }

    private static bool NeedsCount(Workbench workbench, string reply, int saved, int forgotten)
    {
        if (workbench.Photos.Count == 0) return false;
        var claims = Claims.SavedPhotos(reply);
        return claims.Count == 0 ? forgotten > 0 : !claims.Contains(saved) && claims.Sum() != saved;
    }

    private static string WhatHappened(Workbench workbench, string? stoppedBy, Texts texts)
    {
        var saved = workbench.NewMemories.Count;
        var updated = workbench.ChangedMemories.Count;
        List<string> parts = [.. workbench.NewEvents.Select(made => texts.EventCreated(made.Name))];
        if (stoppedBy == RunStop.Daily) parts.Insert(0, texts.DailyLimit);
        else if (stoppedBy == RunStop.Refusal) parts.Insert(0, texts.NotAnswered);
        if (saved > 0) parts.Add(texts.Saved(saved));
        if (updated > 0) parts.Add(texts.Updated(updated));
        var saidBelow = (workbench.Photos.Count > 0 && saved == 0) || workbench.NewInvites.Count > 0;
        return parts.Count > 0 ? string.Join(' ', parts) : saidBelow ? "" : texts.NothingDone;
    }
}

/// <summary>A turn with nothing left to do but to commit it.</summary>
/// <param name="Reply">What the person is told.</param>
/// <param name="Question">What the reply asks; null when it asks nothing.</param>
/// <param name="SavedByCode">Photos that the model had left out.</param>
internal sealed record CompletedTurn(string Reply, string? Question, int SavedByCode)
{
    public static CompletedTurn Silent { get; } = new("", null, 0);
}
