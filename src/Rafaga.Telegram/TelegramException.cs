namespace Rafaga.Telegram;

/// <summary>A call to the Bot API that did not succeed. The message never holds the token.</summary>
public sealed class TelegramException : Exception
{
    internal TelegramException(string method, string description, int? errorCode = null, Exception? inner = null)
        : base(errorCode is null ? $"{method}: {description}" : $"{method}: {errorCode} {description}", inner)
    {
        Method = method;
        Description = description;
        ErrorCode = errorCode;
    }

    /// <summary>The method that was called.</summary>
    public string Method { get; }

    /// <summary>What the server said, or what went wrong on the way to it.</summary>
    public string Description { get; }

    /// <summary>The Bot API's error code, or the HTTP status of a gateway that answered in its place; null when no answer came back.</summary>
    public int? ErrorCode { get; }

    /// <summary>True when something on the way answered in the Bot API's place: that says nothing about the person, the message or the token.</summary>
    public bool FromGateway { get; init; }

    /// <summary>How long the server asks to wait (429).</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The group has become a supergroup with this id.</summary>
    public long? MigrateToChatId { get; init; }

    /// <summary>True when the request may have taken effect although no answer came back: a send that is repeated may be seen twice.</summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>The person has blocked the bot or left Telegram, or the chat or its topic is no more: nothing sent there will arrive.</summary>
    public bool IsUnreachable => !FromGateway && (ErrorCode == 403 || (ErrorCode == 400 && (Says("chat not found") || Says("message thread not found"))));

    /// <summary>The Bot API does not know the token.</summary>
    public bool IsTokenRefused => !FromGateway && ErrorCode is 401 or 404;

    /// <summary>The Bot API will never take this call, however often it is repeated.</summary>
    public bool IsRefused => !FromGateway && RetryAfter is null && ErrorCode is >= 400 and < 500 and not 429 && !IsTokenRefused;

    /// <summary>The markup of a text cannot be read; the same text without a parse mode can be sent.</summary>
    public bool IsMarkupRefused => ErrorCode == 400 && Says("can't parse entities");

    /// <summary>An edit that would change nothing: what was asked for is so.</summary>
    public bool IsNotModified => ErrorCode == 400 && Says("message is not modified");

    private bool Says(string words) => Description.Contains(words, StringComparison.OrdinalIgnoreCase);
}
