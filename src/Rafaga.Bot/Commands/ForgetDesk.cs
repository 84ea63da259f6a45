using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Bot.Intake;
using Rafaga.Bot.Resources;
using Rafaga.Contracts;

namespace Rafaga.Bot.Commands;

/// <summary>Erases everything of a person, once they have said yes: the queue first, so that nobody works on it any more, then memories, then what was set aside.</summary>
internal sealed partial class ForgetDesk(IBatcher<JsonElement> batcher, IBatchInspector batches, BackendCommands backend, RejectedUpdates rejected, ILogger<ForgetDesk> logger)
{
    /// <summary>The question before it.</summary>
    public static Answer Ask(ChatPlace chat, long person, Texts texts) => new(chat, texts.ForgetAsk)
    {
        Keyboard = ButtonData.Keyboard(person, [new(texts.ForgetYes, CommandNames.Forget), new(texts.ForgetNo, CommandNames.Keep)]),
    };

    /// <returns>What the person is told; null when the backend did not do it now. What was erased stays so, and pressing again does the rest.</returns>
    public async Task<string?> EraseAsync(UpdateOutcome.Press press, JsonElement update, Texts texts, CancellationToken cancellationToken)
    {
        if (!ConversationKey.TryParse(press.Conversation.Value, out var key)) return null;
        var (conversations, erasedAt) = await EraseQueueAsync(press.Conversation, key, cancellationToken);
        var id = string.Create(CultureInfo.InvariantCulture, $"u{press.UpdateId}");
        var at = erasedAt.ToString("O", CultureInfo.InvariantCulture);
        // Without the update: the backend needs nothing of it but the language.
        var answer = await backend.AskAsync(new CommandRequest(id, press.Conversation.Value, PersonCommand.Forget, at, update), cancellationToken);
        if (answer is CommandAnswer.Away) return null;
        var files = rejected.Erase(key.UserId);
        LogErased(conversations, files);
        return answer is CommandAnswer.Said said ? said.Reply.Text : texts.ForgottenHere;
    }

    // A person has a conversation in each chat and topic.
    private async Task<(int Conversations, DateTimeOffset At)> EraseQueueAsync(ConversationId pressedIn, ConversationKey key, CancellationToken cancellationToken)
    {
        HashSet<ConversationId> theirs = [pressedIn];
        var query = new ConversationQuery
        {
            Prefix = string.Create(CultureInfo.InvariantCulture, $"telegram:{key.BotId}:"),
            Suffix = string.Create(CultureInfo.InvariantCulture, $":{key.UserId}"),
        };
        do
        {
            var page = await batches.ListConversationsAsync(query, cancellationToken);
            theirs.UnionWith(page.Conversations);
            query = query with { After = page.Next };
        }
        while (query.After is not null);

        var at = DateTimeOffset.MinValue;
        foreach (var conversation in theirs)
        {
            var erased = await batcher.EraseAsync(conversation, cancellationToken);
            if (erased.At > at) at = erased.At;
        }

        return (theirs.Count, at);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] a person was erased: {Conversations} conversations of the queue, {Files} rejected updates")]
    private partial void LogErased(int conversations, int files);
}
