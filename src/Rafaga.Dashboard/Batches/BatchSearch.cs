using System.Globalization;
using Rafaga.Batching;
using Rafaga.Dashboard.Windows;

namespace Rafaga.Dashboard.Batches;

/// <summary>What to look for: what the store can answer at once, and what must be read batch by batch.</summary>
/// <param name="Query">For the store.</param>
internal sealed record BatchSearch(BatchQuery Query)
{
    /// <summary>Words in what a person wrote, in their name or in an error, without regard to case and accents.</summary>
    public string? Text { get; init; }

    /// <summary>Only batches with a photo.</summary>
    public bool WithPhoto { get; init; }

    /// <summary>Only batches that opened at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }
}

/// <summary>A page of what was found.</summary>
/// <param name="Batches">Newest first.</param>
/// <param name="Next">Where to go on; null when everything was looked at.</param>
/// <param name="LookedBackTo">Set when the search stopped before the page was full: it has read as much as one request may.</param>
internal sealed record BatchesFound(IReadOnlyList<BatchInfo> Batches, BatchId? Next, DateTimeOffset? LookedBackTo);

/// <summary>Searches batches within a fixed amount of reading, whatever the store holds; the rest is a click away.</summary>
internal sealed class BatchFinder(IBatchInspector inspector, MessageReader reader)
{
    /// <summary>Batches that one request reads at most.</summary>
    public const int MaxRead = 1000;

    /// <summary>Batches that one request reads with their messages at most.</summary>
    public const int MaxWhole = 200;

    public async Task<BatchesFound> FindAsync(BatchSearch search, CancellationToken cancellationToken)
    {
        var narrow = search.Text is not null || search.WithPhoto;
        var query = search.Query with { Limit = narrow ? BatchQuery.MaxLimit : search.Query.Limit };
        List<BatchInfo> found = [];
        for (int read = 0, whole = 0; ;)
        {
            var page = await inspector.ListAsync(query, cancellationToken);
            foreach (var batch in page.Batches)
            {
                if (search.From is { } from && batch.OpenedAt < from) return new BatchesFound(found, null, null);
                read++;
                if (search.WithPhoto && batch.PhotoCount == 0) continue;
                if (search.Text is { } text)
                {
                    whole++;
                    if (!await SaysAsync(batch, text, cancellationToken)) continue;
                }

                found.Add(batch);
                if (found.Count == search.Query.Limit) return new BatchesFound(found, More(page, batch), null);
                if (whole >= MaxWhole) return new BatchesFound(found, More(page, batch), batch.OpenedAt);
            }

            if (page.Next is null) return new BatchesFound(found, null, null);
            if (read >= MaxRead || whole >= MaxWhole) return new BatchesFound(found, page.Next, page.Batches[^1].OpenedAt);
            query = query with { Before = page.Next };
        }
    }

    // Behind the last batch that was taken; null when it was the last of all.
    private static BatchId? More(BatchPage page, BatchInfo last) => page.Next is null && page.Batches[^1].Id == last.Id ? null : last.Id;

    private async Task<bool> SaysAsync(BatchInfo info, string text, CancellationToken cancellationToken)
    {
        if (Holds(info.Error, text)) return true;
        if (await inspector.FindAsync(info, cancellationToken) is not { } batch) return false;
        return batch.Messages.Exists(m => reader.Read(m.Message.Body.Span) is var face && (Holds(face.Text, text) || Holds(face.Chat, text)));
    }

    private static bool Holds(string? text, string words) =>
        text is not null && CultureInfo.InvariantCulture.CompareInfo.IndexOf(text, words, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0;
}
