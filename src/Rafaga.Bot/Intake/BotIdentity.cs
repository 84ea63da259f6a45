using Microsoft.Extensions.Logging;
using Rafaga.Bot.Commands;
using Rafaga.Telegram;

namespace Rafaga.Bot.Intake;

/// <summary>Learns from Telegram who the bot is: without its name, nobody can tell what is meant for it.</summary>
internal sealed partial class BotIdentity(TelegramClient telegram, CommandMenu menu, BotHealth health, BotOptions options, TimeProvider time, ILogger<BotIdentity> logger)
{
    private UpdateMapper? _mapper;

    /// <summary>Reads updates as this bot; null until Telegram has said who it is.</summary>
    public UpdateMapper? Mapper => Volatile.Read(ref _mapper);

    /// <summary>Asks, until it is known.</summary>
    /// <exception cref="BotTokenException">The token is refused.</exception>
    /// <exception cref="TelegramException">It cannot be asked now.</exception>
    public async Task<UpdateMapper> LearnAsync(CancellationToken cancellationToken)
    {
        if (Mapper is { } known) return known;
        try
        {
            var me = await telegram.GetMeAsync(cancellationToken);
            await menu.SetAsync(cancellationToken);
            health.Update(status => status with { Username = me.Username, LastPollAt = time.GetUtcNow() });
            LogIntroduced(me.Username);
            if (options.Groups == GroupMode.All && me.CanReadAllGroupMessages == false) LogPrivacy();
            var mapper = new UpdateMapper(telegram.BotId, me.Username, options.Groups);
            Volatile.Write(ref _mapper, mapper);
            return mapper;
        }
        catch (TelegramException e) when (e.IsTokenRefused)
        {
            throw new BotTokenException(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] this is @{Username}")]
    private partial void LogIntroduced(string? username);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] RAFAGA__TELEGRAM__GROUPS is all, but in groups Telegram hands over only what names this bot: turn its privacy mode off with @BotFather (/setprivacy), then add it to the group anew")]
    private partial void LogPrivacy();
}
