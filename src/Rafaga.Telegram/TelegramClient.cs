using System.Net;
using System.Text.Json;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram;

/// <summary>A thin, typed client of the Telegram Bot API: the methods that this product calls, and no policy. Retrying is the caller's.</summary>
/// <remarks>
/// URLs of the Bot API hold the token: give it an <see cref="HttpClient"/> without request logging, redirects off and no time-out of its own
/// (a long poll outlasts the default); <see cref="CreateHttpClient"/> makes one.
/// </remarks>
public sealed partial class TelegramClient(HttpClient http, TelegramOptions options, TimeProvider time)
{
    /// <summary>Largest file that the Bot API hands out, in bytes.</summary>
    public const int MaxDownloadBytes = 20 * 1024 * 1024;

    /// <summary>How long a call may take, beyond the time that a long poll asks the server to wait.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a file may take on its way, up or down.</summary>
    public static readonly TimeSpan FileTimeout = CallTimeout * 4;

    private readonly BotApiTransport _transport = new(http, options, time);

    /// <summary>The bot's identity: the digits before the colon of its token.</summary>
    public long BotId => options.BotId;

    /// <summary>An <see cref="HttpClient"/> that suits this client.</summary>
    public static HttpClient CreateHttpClient() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            // No trace of a request: its URL holds the token.
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
        })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Who the bot is; the cheapest check of a token.</summary>
    public Task<User> GetMeAsync(CancellationToken cancellationToken) =>
        _transport.CallAsync("getMe", new NoArguments(), CallJson.Default.NoArguments, TelegramJson.Default.User, CallTimeout, cancellationToken);

    /// <summary>The next updates, raw: an update that cannot be read must not hide its neighbours.</summary>
    /// <param name="offset">Confirms every update below it; null asks for the first unconfirmed one.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="timeout">How long the server may wait for one, at most 50 s.</param>
    /// <param name="allowedUpdates">Kinds to receive; the server remembers them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<JsonElement>> GetUpdatesAsync(
        long? offset, int limit, TimeSpan timeout, IReadOnlyList<string> allowedUpdates, CancellationToken cancellationToken)
    {
        var request = new GetUpdatesRequest(offset, limit, (int)timeout.TotalSeconds, allowedUpdates);
        return await _transport.CallAsync("getUpdates", request, CallJson.Default.GetUpdatesRequest, CallJson.Default.JsonElementArray, CallTimeout + timeout, cancellationToken);
    }

    /// <summary>Has updates posted to an address instead; <see cref="GetUpdatesAsync"/> answers 409 from then on.</summary>
    public Task SetWebhookAsync(SetWebhookRequest request, CancellationToken cancellationToken) =>
        _transport.CallAsync("setWebhook", request, CallJson.Default.SetWebhookRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    /// <summary>Ends a webhook, so that <c>getUpdates</c> works.</summary>
    public Task DeleteWebhookAsync(bool dropPendingUpdates, CancellationToken cancellationToken) =>
        _transport.CallAsync(
            "deleteWebhook", new DeleteWebhookRequest(dropPendingUpdates), CallJson.Default.DeleteWebhookRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    /// <summary>Where updates are posted to, how many wait, and what went wrong last.</summary>
    public Task<WebhookInfo> GetWebhookInfoAsync(CancellationToken cancellationToken) =>
        _transport.CallAsync("getWebhookInfo", new NoArguments(), CallJson.Default.NoArguments, TelegramJson.Default.WebhookInfo, CallTimeout, cancellationToken);

    /// <summary>What the server knows of a chat.</summary>
    public Task<Chat> GetChatAsync(long chatId, CancellationToken cancellationToken) =>
        _transport.CallAsync("getChat", new GetChatRequest(chatId), CallJson.Default.GetChatRequest, TelegramJson.Default.Chat, CallTimeout, cancellationToken);

    /// <summary>The bot's menu of commands, for one language or (null) for all others.</summary>
    public Task SetMyCommandsAsync(IReadOnlyList<BotCommand> commands, string? languageCode, CancellationToken cancellationToken) =>
        _transport.CallAsync(
            "setMyCommands", new SetMyCommandsRequest(commands, languageCode), CallJson.Default.SetMyCommandsRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    /// <summary>What <see cref="SetMyCommandsAsync"/> has set for one language or (null) for all others.</summary>
    public Task<IReadOnlyList<BotCommand>> GetMyCommandsAsync(string? languageCode, CancellationToken cancellationToken) =>
        _transport.CallAsync(
            "getMyCommands", new GetMyCommandsRequest(languageCode), CallJson.Default.GetMyCommandsRequest, TelegramJson.Default.IReadOnlyListBotCommand, CallTimeout, cancellationToken);

    /// <summary>Where to download a file from, for at least an hour.</summary>
    public Task<TelegramFile> GetFileAsync(string fileId, CancellationToken cancellationToken) =>
        _transport.CallAsync("getFile", new GetFileRequest(fileId), CallJson.Default.GetFileRequest, TelegramJson.Default.TelegramFile, CallTimeout, cancellationToken);

    /// <summary>Downloads a file whose path <see cref="GetFileAsync"/> gave, stopping at <see cref="MaxDownloadBytes"/>.</summary>
    public async Task<byte[]> DownloadAsync(string filePath, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await DownloadAsync(filePath, content, cancellationToken);
        return content.ToArray();
    }

    /// <summary>Downloads a file as it comes; after a failure the destination holds a part of it.</summary>
    public Task DownloadAsync(string filePath, Stream destination, CancellationToken cancellationToken) =>
        _transport.DownloadAsync(filePath, destination, MaxDownloadBytes, FileTimeout, cancellationToken);
}
