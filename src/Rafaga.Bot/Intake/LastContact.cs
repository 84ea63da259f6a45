using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Rafaga.Bot.Intake;

/// <summary>
/// Remembers when Telegram was last reached, across restarts. It keeps what people write for 24 hours and then forgets it: whoever was away for
/// longer must know that something may be missing.
/// </summary>
internal sealed partial class LastContact(BotOptions options, TimeProvider time, ILogger<LastContact> logger)
{
    /// <summary>Time after which Telegram may have forgotten what people wrote; an hour before it does.</summary>
    public static readonly TimeSpan Alarm = TimeSpan.FromHours(23);

    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _last;
    private DateTimeOffset? _written;

    /// <summary>Telegram has answered.</summary>
    public void Made()
    {
        var now = time.GetUtcNow();
        if ((_last ?? Read()) is { } last && now - last > Alarm) LogAway((now - last).TotalHours);
        _last = now;
        if (_written is not { } written || now - written >= Precision) Write(now);
    }

    private DateTimeOffset? Read()
    {
        if (options.ContactFile is not { } file || !File.Exists(file)) return null;
        try
        {
            return DateTimeOffset.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFile(e.Message);
            return null;
        }
    }

    private void Write(DateTimeOffset now)
    {
        _written = now;
        if (options.ContactFile is not { } file) return;
        try
        {
            File.WriteAllText(file, now.ToString("O", CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only the warning after a long absence depends on it.
            LogFile(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] Telegram was not reached for {Hours:F0} hours. It keeps what people write for 24: older messages may be lost, so their senders should write again")]
    private partial void LogAway(double hours);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] the time of the last contact with Telegram cannot be kept: {Reason}")]
    private partial void LogFile(string reason);
}
