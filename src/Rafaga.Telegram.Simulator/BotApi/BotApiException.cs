namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>An error answer of the Bot API; the description carries its prefix.</summary>
internal sealed class BotApiException(int errorCode, string description) : Exception(description)
{
    public int ErrorCode => errorCode;

    public static BotApiException BadRequest(string description) => new(400, "Bad Request: " + description);
}
