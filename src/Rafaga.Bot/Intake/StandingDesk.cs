using Microsoft.Extensions.Logging;
using Rafaga.Bot.Access;
using Rafaga.Bot.Commands;
using Rafaga.Bot.Resources;

namespace Rafaga.Bot.Intake;

/// <summary>Greets the groups that the bot is added to, and notes where it is no longer wanted.</summary>
internal sealed partial class StandingDesk(AccessDesk access, AnswerSender answers, BotOptions options, ILogger<StandingDesk> logger)
{
    // Known only to this process: an update that is delivered again after a restart greets again.
    private readonly RecentIds _handled = new(1024);

    /// <exception cref="AccessUnknownException">It cannot be told whether it may greet.</exception>
    public async Task HandleAsync(UpdateOutcome.Standing standing, CancellationToken cancellationToken)
    {
        // Whoever may not use the bot cannot make it speak to a group either.
        var greets = standing.Change == StandingChange.Added && await access.IsInAsync(standing.Origin, standing.Conversation, cancellationToken);
        if (!_handled.Add(standing.UpdateId!.Value)) return;
        LogChanged(standing.Change, standing.Origin.Chat.ChatId);
        if (!greets) return;
        var texts = new Texts(standing.Origin.Language);
        answers.Enqueue(new Answer(standing.Origin.Chat, options.Groups == GroupMode.All ? texts.GroupGreetingAll : texts.GroupGreeting));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] {Change} in chat {ChatId}")]
    private partial void LogChanged(StandingChange change, long chatId);
}
