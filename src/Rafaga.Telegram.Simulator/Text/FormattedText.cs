using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.Text;

/// <summary>A text and what is marked in it; places count UTF-16 units.</summary>
internal sealed record FormattedText(string Text, IReadOnlyList<TextEntity> Entities)
{
    /// <summary>A text as a person types it: only what marks itself.</summary>
    public static FormattedText Plain(string text) => Finish(text, []);

    /// <summary>Cuts off the space around and finds what marks itself: commands, mentions, addresses, tags.</summary>
    public static FormattedText Finish(string text, IReadOnlyList<TextEntity> marked)
    {
        var start = text.Length - text.TrimStart().Length;
        var trimmed = text.Trim();
        List<TextEntity> entities =
        [
            .. marked
                .Select(entity =>
                {
                    var from = Math.Clamp(entity.Offset - start, 0, trimmed.Length);
                    return entity with { Offset = from, Length = Math.Clamp(entity.Offset + entity.Length - start, 0, trimmed.Length) - from };
                })
                .Where(entity => entity.Length > 0),
        ];
        entities.AddRange(TextEntity.Find(trimmed).Where(found => !entities.Exists(entity => entity.HidesOthers && entity.Overlaps(found))));
        return new FormattedText(trimmed, [.. entities.OrderBy(entity => entity.Offset).ThenByDescending(entity => entity.Length)]);
    }

    public JsonArray EntitiesJson() => [.. Entities.Select(entity => entity.Json())];
}
