using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Bot.Access;
using Rafaga.Bot.Intake;
using Rafaga.Bot.Resources;
using Rafaga.Contracts;

namespace Rafaga.Bot.Commands;

/// <summary>Carries out commands. They act on the window at once and never join it.</summary>
internal sealed partial class CommandDesk(
    IBatcher<JsonElement> batcher, BackendCommands backend, AccessDesk access, CancelDesk cancelling, ExportDesk exports, AnswerSender answers, ILogger<CommandDesk> logger)
{
    // Known only to this process: a command whose update is delivered again after a restart is carried out and answered again.
    // Carrying it out again is harmless, because nothing later than the command is taken before the command is confirmed.
    private readonly RecentIds _handled = new(1024);

    /// <exception cref="Exception">The store refused; the command counts as not handled.</exception>
    public async Task HandleAsync(UpdateOutcome.Command command, JsonElement update, CancellationToken cancellationToken)
    {
        if (_handled.Contains(command.UpdateId!.Value)) return;

        var name = CommandNames.Canonical(command.Name);
        var answer = name switch
        {
            CommandNames.Start when access.IsInvitation(command) => await AskAsync(command, PersonCommand.Admit, update, texts => texts.AccessByCode, cancellationToken),
            CommandNames.Start when command.Argument is not null => await AskAsync(command, PersonCommand.Join, update, texts => texts.Start, cancellationToken),
            CommandNames.Start => Say(command, (await TextsAsync(command, cancellationToken)).Start),
            CommandNames.Help => Say(command, (await TextsAsync(command, cancellationToken)).Help),
            CommandNames.Done => await FlushAsync(command, cancellationToken),
            CommandNames.Cancel => await CancelAsync(command, cancellationToken),
            CommandNames.Export => await ExportAsync(command, cancellationToken),
            CommandNames.Forget => ForgetDesk.Ask(command.Chat, PersonOf(command.Conversation), await TextsAsync(command, cancellationToken)),
            _ when CommandNames.Order(name) is { } order => await AskAsync(command, order, update, texts => order == PersonCommand.Privacy ? texts.Privacy : texts.UnknownCommand, cancellationToken),
            _ => Say(command, (await TextsAsync(command, cancellationToken)).UnknownCommand),
        };
        _handled.Add(command.UpdateId.Value);
        LogHandled(name ?? "unknown", command.Conversation);
        if (answer is not null) answers.Enqueue(answer);
    }

    /// <summary>Has the backend carry something out.</summary>
    /// <param name="command">Whose order.</param>
    /// <param name="order">One of <see cref="PersonCommand"/>.</param>
    /// <param name="update">The update that it came by.</param>
    /// <param name="ifUnknown">What is said when the backend does not know it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<Answer> AskAsync(UpdateOutcome.Command command, string order, JsonElement update, Func<Texts, string> ifUnknown, CancellationToken cancellationToken)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"u{command.UpdateId}");
        return await backend.AskAsync(new CommandRequest(id, command.Conversation.Value, order, command.Argument, update), cancellationToken) switch
        {
            CommandAnswer.Said { Reply: var reply } => await SayAsync(command, order, reply.Text, cancellationToken) with { Keyboard = ButtonData.Keyboard(PersonOf(command.Conversation), reply.Buttons), Files = reply.Files ?? [] },
            CommandAnswer.Away => Say(command, (await TextsAsync(command, cancellationToken)).NotNow),
            _ => Say(command, ifUnknown(await TextsAsync(command, cancellationToken))),
        };
    }

    private static Answer Say(UpdateOutcome.Command command, string text) => new(command.Chat, text);

    private async Task<Answer> SayAsync(UpdateOutcome.Command command, string order, string text, CancellationToken cancellationToken) =>
        CommandNames.ShowsOwn(order) && !Answer.IsPrivate(command.Origin) ? Answer.InPrivate(command.Origin, text, await TextsAsync(command, cancellationToken)) : Say(command, text);

    private static long PersonOf(ConversationId conversation) => ConversationKey.TryParse(conversation.Value, out var key) ? key.UserId : 0;

    private async Task<Texts> TextsAsync(UpdateOutcome.Command command, CancellationToken cancellationToken) =>
        new(await backend.LanguageAsync(command.Conversation, cancellationToken) ?? command.Language);

    private async Task<Answer?> FlushAsync(UpdateOutcome.Command command, CancellationToken cancellationToken)
    {
        var flushed = await batcher.FlushAsync(command.Conversation, cancellationToken);
        // Where there was something, the reply to it is the answer.
        return flushed.Messages == 0 ? Say(command, (await TextsAsync(command, cancellationToken)).NothingWaiting) : null;
    }

    private async Task<Answer> CancelAsync(UpdateOutcome.Command command, CancellationToken cancellationToken)
    {
        var cancelled = await cancelling.CancelAsync(command.Conversation, command.Chat.ChatId, cancellationToken);
        return Say(command, cancelled.Say(await TextsAsync(command, cancellationToken)));
    }

    // Answered by itself, before the files.
    private async Task<Answer?> ExportAsync(UpdateOutcome.Command command, CancellationToken cancellationToken)
    {
        exports.Begin(command, await TextsAsync(command, cancellationToken));
        return null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] command {Name} of {Conversation} carried out")]
    private partial void LogHandled(string name, ConversationId conversation);
}
