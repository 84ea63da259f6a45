namespace Rafaga.Bot;

/// <summary>Telegram refuses the bot's token. No retry can help: the poller ends with this, and the host with it.</summary>
public sealed class BotTokenException : Exception
{
    internal BotTokenException(Exception inner)
        : base("Telegram refuses the token in TELEGRAM_BOT_TOKEN. Copy it again from @BotFather, or make a new one there with /token.", inner)
    {
    }
}
