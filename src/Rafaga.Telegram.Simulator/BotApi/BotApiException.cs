namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>An error answer of the Bot API; the description carries its prefix.</summary>
internal sealed class BotApiException(int errorCode, string description) : Exception(description)
{
    public int ErrorCode => errorCode;

    /// <summary>Seconds to wait.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The supergroup that a group has become.</summary>
    public long? MigrateToChatId { get; init; }

    public static BotApiException BadRequest(string description) => new(400, "Bad Request: " + description);

    public static BotApiException Forbidden(string description) => new(403, "Forbidden: " + description);

    public static BotApiException TooManyRequests(int retryAfter) => new(429, $"Too Many Requests: retry after {retryAfter}") { RetryAfter = retryAfter };
}
