using Microsoft.Extensions.Options;
using Rafaga.Batching;
using Rafaga.Dashboard.Api;

namespace Rafaga.Dashboard.Windows;

/// <summary>Reads what collects and what is being worked on.</summary>
internal sealed class WindowReader(IBatchInspector inspector, MessageReader messages, IOptions<BatchingOptions> batching, TimeProvider time)
{
    private const int MaxWindows = 50;

    private static readonly BatchState[] Alive = [BatchState.Open, BatchState.Sealed, BatchState.Leased, BatchState.Retry];

    /// <summary>Without messages: cheap enough to look often.</summary>
    public async Task<IReadOnlyList<BatchInfo>> ListAsync(ConversationId? conversation, CancellationToken cancellationToken)
    {
        var query = new BatchQuery { States = Alive, Conversation = conversation, Limit = MaxWindows };
        return (await inspector.ListAsync(query, cancellationToken)).Batches;
    }

    /// <summary>With messages.</summary>
    public async Task<WindowsJson> ReadAsync(IReadOnlyList<BatchInfo> infos, CancellationToken cancellationToken)
    {
        List<WindowJson> windows = [];
        foreach (var info in infos)
        {
            // It may have ended since it was listed.
            if (await inspector.FindAsync(info, cancellationToken) is { } batch && !batch.State.HasEnded()) windows.Add(Describe(batch));
        }

        var options = batching.Value;
        return new WindowsJson(
            time.GetUtcNow(), options.QuietPeriod.TotalSeconds, options.MaxWait.TotalSeconds, options.MaxMessages, options.MaxPhotos, windows);
    }

    private WindowJson Describe(Batch batch)
    {
        var now = time.GetUtcNow();
        var faces = batch.Messages.ConvertAll(m => (m.Message.Id, Face: messages.Read(m.Message.Body.Span)));
        return new WindowJson(
            batch.Id.Value,
            batch.Conversation.Value,
            Conversations.ChatOf(batch.Conversation),
            faces.Select(f => f.Face.Chat).FirstOrDefault(name => name is not null),
            batch.State.Name(),
            batch.CloseReason?.Name(),
            batch.OpenedAt,
            batch.DueAt,
            SecondsUntil(batch.DueAt),
            SecondsUntil(batch.OpenedAt + batching.Value.MaxWait),
            batch.MessageCount - 1,
            batch.Attempt,
            batch.Error,
            batch.MessageCount,
            batch.PhotoCount,
            [.. faces.Select(f => new WindowMessageJson(f.Id, f.Face.Kind, f.Face.Snippet, f.Face.PhotoUrl))]);

        double SecondsUntil(DateTimeOffset moment) => Math.Round(Math.Max(0, (moment - now).TotalSeconds), 3);
    }
}
