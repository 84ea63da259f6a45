using Rafaga.Backend.Photos;

namespace Rafaga.Backend.Delivery;

/// <summary>A place on the map that is sent beside files is where they were made.</summary>
internal static class SentPlaces
{
    /// <summary>The same files, each with the last place that was sent before it, else the first one after.</summary>
    public static IReadOnlyList<ReceivedItem> Beside(IReadOnlyList<ReceivedItem> items, IReadOnlyList<BurstMessage> messages)
    {
        // A place that answers something else is about that.
        var first = messages.FirstOrDefault(IsBeside)?.Place;
        if (first is null) return items;
        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (IsBeside(message)) first = message.Place;
            places[message.Id] = first!;
        }

        return [.. items.Select(item => places.TryGetValue(item.MessageId, out var place) ? item with { SentPlace = place.ToString() } : item)];
    }

    private static bool IsBeside(BurstMessage message) => message is { Place: not null, Media: null, RepliesTo: null };
}
