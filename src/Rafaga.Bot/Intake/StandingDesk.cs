using Microsoft.Extensions.Logging;
using Rafaga.Bot.Commands;
using Rafaga.Bot.Resources;

namespace Rafaga.Bot.Intake;

/// <summary>Greets the groups that the bot is added to, and notes where it is no longer wanted.</summary>
internal sealed partial class StandingDesk(AnswerSender answers, BotOptions options, ILogger<StandingDesk> logger)
{
    // Known only to this process: an update that is delivered again after a restart greets again.
    private readonly RecentIds _handled = new(1024);

    public void Handle(UpdateOutcome.Standing standing)
    {
        if (!_handled.Add(standing.UpdateId!.Value)) return;
        LogChanged(standing.Change, standing.Origin.Chat.ChatId);
        if (standing.Change != StandingChange.Added) return;
        var texts = new Texts(standing.Origin.Language);
        answers.Enqueue(new Answer(standing.Origin.Chat, options.Groups == GroupMode.All ? texts.GroupGreetingAll : texts.GroupGreeting));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] {Change} in chat {ChatId}")]
    private partial void LogChanged(StandingChange change, long chatId);
}
