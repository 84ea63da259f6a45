namespace Rafaga.Telegram;

/// <summary>One send at a time into each chat, and none while Telegram has asked this chat's senders to wait. Chats never wait for each other.</summary>
/// <remarks>Holds within one process: what several processes send into one chat is put in order by Telegram alone.</remarks>
public sealed class ChatLanes(TimeProvider time)
{
    private readonly Dictionary<long, Lane> _lanes = [];

    /// <summary>Runs a send when the chat's turn has come.</summary>
    /// <param name="chatId">The chat.</param>
    /// <param name="send">The send; a 429 that it throws closes the lane for as long as it says.</param>
    /// <param name="cancellationToken">Ends the wait for the turn.</param>
    /// <exception cref="TelegramException">429, with what is left of an earlier wait: the send was not begun.</exception>
    public async Task<T> RunAsync<T>(long chatId, Func<Task<T>> send, CancellationToken cancellationToken)
    {
        var lane = Enter(chatId);
        try
        {
            await lane.Turn.WaitAsync(cancellationToken);
            try
            {
                var left = lane.ClosedUntil - time.GetUtcNow();
                if (left > TimeSpan.Zero) throw new TelegramException("send", "this chat's senders were asked to wait", 429) { RetryAfter = left };
                return await send();
            }
            catch (TelegramException e) when (e.RetryAfter is { } wait)
            {
                lane.ClosedUntil = time.GetUtcNow() + wait;
                throw;
            }
            finally
            {
                lane.Turn.Release();
            }
        }
        finally
        {
            Leave(chatId, lane);
        }
    }

    /// <summary>Lanes that are kept: those in use or closed.</summary>
    internal int Count
    {
        get
        {
            lock (_lanes) return _lanes.Count;
        }
    }

    private Lane Enter(long chatId)
    {
        lock (_lanes)
        {
            if (!_lanes.TryGetValue(chatId, out var lane)) _lanes.Add(chatId, lane = new Lane());
            lane.Users++;
            return lane;
        }
    }

    // A closed lane stays until somebody comes by after it has opened: who was refused comes again.
    private void Leave(long chatId, Lane lane)
    {
        lock (_lanes)
        {
            if (--lane.Users == 0 && lane.ClosedUntil <= time.GetUtcNow()) _lanes.Remove(chatId);
        }
    }

    private sealed class Lane
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }

        public DateTimeOffset ClosedUntil { get; set; } = DateTimeOffset.MinValue;
    }
}
