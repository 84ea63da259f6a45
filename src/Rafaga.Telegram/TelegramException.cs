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

    /// <summary>The server's error code; null when no answer of the Bot API came back.</summary>
    public int? ErrorCode { get; }

    /// <summary>How long the server asks to wait (429).</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The group has become a supergroup with this id.</summary>
    public long? MigrateToChatId { get; init; }

    /// <summary>True when the request may have taken effect although no answer came back: a send that is repeated may be seen twice.</summary>
    public bool OutcomeUnknown { get; init; }
}
