using Rafaga.Backend.Offline.Language;

namespace Rafaga.Backend.Offline;

/// <summary>Chooses the language of the reply: the context's; else the one whose words the texts have more of; else Spanish.</summary>
internal static class ReplyLanguage
{
    public static OfflineTexts Of(Turn turn) => turn.Language?.Split('-', '_')[0].ToUpperInvariant() switch
    {
        "ES" => OfflineTexts.Spanish,
        "EN" => OfflineTexts.English,
        _ => IsEnglish(turn) ? OfflineTexts.English : OfflineTexts.Spanish,
    };

    private static bool IsEnglish(Turn turn)
    {
        var words = (turn.Messages ?? []).OfType<TurnMessage>().SelectMany(message => Words.Of($"{message.Text} {message.Caption}")).ToList();
        return Count(words, EnglishLexicon.Instance) > Count(words, SpanishLexicon.Instance);
    }

    private static int Count(List<Word> words, Lexicon lexicon) =>
        words.Count(word => lexicon.Light.HasExactly(word.Folded) || lexicon.Filler.HasExactly(word.Folded) || lexicon.Lead.HasExactly(word.Folded));
}
