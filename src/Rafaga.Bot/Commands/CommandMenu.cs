using Microsoft.Extensions.Logging;
using Rafaga.Bot.Resources;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Bot.Commands;

/// <summary>The menu of commands that Telegram shows, in the language of each person.</summary>
internal sealed partial class CommandMenu(TelegramClient telegram, ILogger<CommandMenu> logger)
{
    /// <summary>Tells Telegram the menu of every language.</summary>
    public async Task SetAsync(CancellationToken cancellationToken)
    {
        await SetAsync(null, cancellationToken);
        await SetAsync("es", cancellationToken);
    }

    private async Task SetAsync(string? language, CancellationToken cancellationToken)
    {
        var texts = new Texts(language ?? "en");
        var menu = CommandNames.Menu.Select(name => new BotCommand(CommandNames.In(name, language), texts.Menu(name))).ToList();
        try
        {
            await telegram.SetMyCommandsAsync(menu, language, cancellationToken);
        }
        catch (TelegramException e)
        {
            // The commands work without their menu.
            LogMenuFailed(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] the menu of commands was not set: {Reason}")]
    private partial void LogMenuFailed(string reason);
}
