using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Bot.Intake;
using Rafaga.Bot.Resources;
using Rafaga.Contracts;
using Rafaga.Telegram;

namespace Rafaga.Bot.Commands;

/// <summary>
/// Does what a pressed button stands for: a command, a verdict on a reply, or a choice, which goes to the conversation as if the person had written it.
/// Each press is answered, and a button that was used goes.
/// </summary>
internal sealed partial class PressDesk(
    IBatcher<JsonElement> batcher, IBatchInspector batches, CommandDesk commands, BackendCommands backend, ForgetDesk forgetting, AnswerSender answers, TelegramClient telegram,
    TimeProvider time, ILogger<PressDesk> logger)
{
    private const int MaxNotice = 200;

    // As for commands: after a restart a press that is delivered again is carried out again, before anything that came after it.
    private readonly RecentIds _handled = new(1024);

    /// <summary>Whether it is about being forgotten, which is open to everybody, also to those who are no longer let in.</summary>
    public static bool IsForgetting(UpdateOutcome.Press press) => ButtonData.Read(press.Data)?.Name is CommandNames.Forget or CommandNames.Keep;

    /// <exception cref="Exception">The store refused; the press counts as not handled.</exception>
    public async Task HandleAsync(UpdateOutcome.Press press, JsonElement update, CancellationToken cancellationToken)
    {
        if (_handled.Contains(press.UpdateId!.Value)) return;
        var texts = new Texts(await backend.LanguageAsync(press.Conversation, cancellationToken) ?? press.Origin.Language);
        var outcome = ReplyButton.Read(press.Data) switch
        {
            ReplyButton.Feedback verdict => await JudgeAsync(press, verdict.Good ? "up" : "down", verdict.BatchId, update, texts, cancellationToken),
            ReplyButton.Choice choice => await ChooseAsync(press, choice.BatchId, update, texts, cancellationToken),
            _ => ButtonData.Read(press.Data) is { } button ? await OrderAsync(press, button, update, texts, cancellationToken) : new Outcome(texts.OldButton, Used: true),
        };
        _handled.Add(press.UpdateId.Value);
        LogHandled(ReplyButton.Read(press.Data)?.GetType().Name ?? "Command", outcome.Used);
        answers.Enqueue(press.Origin.Chat.ChatId, stop => AnswerAsync(press, outcome.Notice, stop), atOnce: true);
        if (outcome.Used) answers.Enqueue(press.Origin.Chat.ChatId, stop => RemoveAsync(press, stop));
        if (outcome.Answer is { } answer) answers.Enqueue(answer);
    }

    private async Task<Outcome> OrderAsync(UpdateOutcome.Press press, ButtonData button, JsonElement update, Texts texts, CancellationToken cancellationToken)
    {
        if (button.PersonId != press.Origin.PersonId) return new Outcome(texts.NotYourButton, Used: false);
        if (button.Name == CommandNames.Keep) return new Outcome(texts.Kept, Used: true);
        if (button.Name == CommandNames.Forget) return await forgetting.EraseAsync(press, update, texts, cancellationToken) is { } done
            ? new Outcome(null, Used: true, new Answer(press.Origin.Chat, done))
            : new Outcome(texts.NotNow, Used: false);
        var command = new UpdateOutcome.Command(press.UpdateId, button.Name, button.Argument, press.Conversation, press.Origin);
        var answer = await commands.AskAsync(command, button.Name, update, known => known.UnknownCommand, cancellationToken);
        // A list is opened more than once; a question is answered once.
        return new Outcome(null, Used: button.Name is not (PersonCommand.Event or PersonCommand.Memories), answer);
    }

    private async Task<Outcome> JudgeAsync(UpdateOutcome.Press press, string verdict, string batch, JsonElement update, Texts texts, CancellationToken cancellationToken)
    {
        if (!await IsOwnAsync(press, batch, cancellationToken)) return new Outcome(texts.NotYourButton, Used: false);
        var order = new CommandRequest(Id(press), press.Conversation.Value, PersonCommand.Feedback, $"{verdict} {batch}", update);
        return await backend.AskAsync(order, cancellationToken) switch
        {
            CommandAnswer.Said said => new Outcome(said.Reply.Text, Used: true),
            CommandAnswer.Away => new Outcome(texts.NotNow, Used: false),
            _ => new Outcome(texts.OldButton, Used: true),
        };
    }

    private async Task<Outcome> ChooseAsync(UpdateOutcome.Press press, string batch, JsonElement update, Texts texts, CancellationToken cancellationToken)
    {
        if (!await IsOwnAsync(press, batch, cancellationToken)) return new Outcome(texts.NotYourButton, Used: false);
        // What was on the button is what the person says; without it nobody knows.
        if (press.Label is not { } label) return new Outcome(texts.OldButton, Used: true);
        var message = new Message<JsonElement>($"q{press.QueryId}", Said(press, label, update)) { GroupOrder = press.MessageId };
        await batcher.AppendAsync(press.Conversation, message, cancellationToken);
        return new Outcome(null, Used: true);
    }

    // In a private chat everything is the person's own; elsewhere the batch says whose it was.
    private async Task<bool> IsOwnAsync(UpdateOutcome.Press press, string batch, CancellationToken cancellationToken) =>
        press.Origin.Chat.ChatId == press.Origin.PersonId || (await batches.FindAsync(new BatchId(batch), cancellationToken))?.Conversation == press.Conversation;

    /// <summary>The press as a message of the person, with the press itself beside it, so that nobody takes it for one that was typed.</summary>
    private JsonElement Said(UpdateOutcome.Press press, string label, JsonElement update)
    {
        var query = JsonNode.Parse(update.GetProperty("callback_query").GetRawText())!.AsObject();
        var under = query["message"]!.AsObject();
        var message = new JsonObject
        {
            ["message_id"] = press.MessageId,
            ["from"] = query["from"]!.DeepClone(),
            ["chat"] = under["chat"]!.DeepClone(),
            ["date"] = time.GetUtcNow().ToUnixTimeSeconds(),
        };
        foreach (var name in (string[])["message_thread_id", "is_topic_message"])
        {
            if (under[name] is { } value) message[name] = value.DeepClone();
        }

        message["text"] = label;
        var synthetic = new JsonObject { ["update_id"] = press.UpdateId, ["message"] = message, ["callback_query"] = query };
        return JsonSerializer.SerializeToElement<JsonNode>(synthetic, PressJson.Default.JsonNode);
    }

    private async Task AnswerAsync(UpdateOutcome.Press press, string? notice, CancellationToken cancellationToken)
    {
        try
        {
            await telegram.AnswerCallbackQueryAsync(press.QueryId, notice is { Length: > MaxNotice } ? notice[..MaxNotice] : notice, showAlert: false, cancellationToken);
        }
        catch (TelegramException e) when (e.ErrorCode == 400)
        {
            // Too old: the person waits for it no longer.
            LogTooOld(e.Message);
        }
    }

    private async Task RemoveAsync(UpdateOutcome.Press press, CancellationToken cancellationToken)
    {
        try
        {
            await answers.InTurnAsync(press.Origin.Chat.ChatId, () => telegram.EditMessageReplyMarkupAsync(press.Origin.Chat.ChatId, press.MessageId, replyMarkup: null, cancellationToken), cancellationToken);
        }
        catch (TelegramException e) when (e.ErrorCode == 400)
        {
            // Gone already, or its message is.
            LogTooOld(e.Message);
        }
    }

    private static string Id(UpdateOutcome.Press press) => string.Create(CultureInfo.InvariantCulture, $"u{press.UpdateId}");

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] a button of kind {Kind} was pressed; used: {Used}")]
    private partial void LogHandled(string kind, bool used);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BOT] a press was answered too late: {Reason}")]
    private partial void LogTooOld(string reason);

    /// <param name="Notice">Shown in passing.</param>
    /// <param name="Used">The buttons go.</param>
    /// <param name="Answer">Sent to the chat.</param>
    private sealed record Outcome(string? Notice, bool Used, Answer? Answer = null);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonNode))]
internal sealed partial class PressJson : System.Text.Json.Serialization.JsonSerializerContext;
