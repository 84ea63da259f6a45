using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Bot.Intake;
using Rafaga.Bot.Resources;
using Rafaga.Contracts;

namespace Rafaga.Bot.Commands;

/// <summary>Carries out commands. They act on the window at once and never join it.</summary>
internal sealed partial class CommandDesk(IBatcher<JsonElement> batcher, BackendCommands backend, AnswerSender answers, ILogger<CommandDesk> logger)
{
    // Known only to this process: a command whose update is delivered again after a restart is carried out and answered again.
    // Carrying it out again is harmless, because nothing later than the command is taken before the command is confirmed.
    private readonly RecentIds _handled = new(1024);

    /// <exception cref="Exception">The store refused; the command counts as not handled.</exception>
    public async Task HandleAsync(UpdateOutcome.Command command, JsonElement update, CancellationToken cancellationToken)
    {
        if (_handled.Contains(command.UpdateId!.Value)) return;

        var name = CommandNames.Canonical(command.Name);
        var texts = new Texts(command.Language);
        var answer = name switch
        {
            CommandNames.Start when command.Argument is not null => await AskAsync(command, PersonCommand.Join, update, texts, texts.Start, cancellationToken),
            CommandNames.Start => texts.Start,
            CommandNames.Help => texts.Help,
            CommandNames.Done => await FlushAsync(command, texts, cancellationToken),
            CommandNames.Cancel => await CancelAsync(command, texts, cancellationToken),
            CommandNames.Undo => await AskAsync(command, PersonCommand.Undo, update, texts, texts.UnknownCommand, cancellationToken),
            CommandNames.Revoke => await AskAsync(command, PersonCommand.Revoke, update, texts, texts.UnknownCommand, cancellationToken),
            _ => texts.UnknownCommand,
        };
        _handled.Add(command.UpdateId.Value);
        LogHandled(name ?? "unknown", command.Conversation);
        if (answer is not null) answers.Enqueue(new Answer(command.Chat, answer));
    }

    private async Task<string> AskAsync(
        UpdateOutcome.Command command, string name, JsonElement update, Texts texts, string ifUnknown, CancellationToken cancellationToken) =>
        await backend.AskAsync(command, name, update, cancellationToken) switch
        {
            CommandAnswer.Said said => said.Text,
            CommandAnswer.Away => texts.NotNow,
            _ => ifUnknown,
        };

    private async Task<string?> FlushAsync(UpdateOutcome.Command command, Texts texts, CancellationToken cancellationToken)
    {
        var flushed = await batcher.FlushAsync(command.Conversation, cancellationToken);
        // Where there was something, the reply to it is the answer.
        return flushed.Messages == 0 ? texts.NothingWaiting : null;
    }

    private async Task<string> CancelAsync(UpdateOutcome.Command command, Texts texts, CancellationToken cancellationToken)
    {
        var cancelled = await batcher.CancelAsync(command.Conversation, cancellationToken);
        var cleared = cancelled.Messages == 0 ? texts.NothingWaiting : texts.Cleared(cancelled.Messages);
        return cancelled.Running ? $"{cleared} {texts.StillRunning}" : cleared;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] command {Name} of {Conversation} carried out")]
    private partial void LogHandled(string name, ConversationId conversation);
}
