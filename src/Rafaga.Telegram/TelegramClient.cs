using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
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

    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    /// <summary>The bot's identity: the digits before the colon of its token.</summary>
    public long BotId => options.BotId;

    /// <summary>An <see cref="HttpClient"/> that suits this client.</summary>
    public static HttpClient CreateHttpClient() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
        })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Who the bot is; the cheapest check of a token.</summary>
    public async Task<User> GetMeAsync(CancellationToken cancellationToken) =>
        (await CallAsync("getMe", new NoArguments(), CallJson.Default.NoArguments, CallTimeout, cancellationToken)).Deserialize(TelegramJson.Default.User)!;

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
        var result = await CallAsync("getUpdates", request, CallJson.Default.GetUpdatesRequest, CallTimeout + timeout, cancellationToken);
        return [.. result.EnumerateArray()];
    }

    /// <summary>Sends a text of 1 to 4096 characters. Not idempotent: see <see cref="TelegramException.OutcomeUnknown"/>.</summary>
    public async Task<Message> SendMessageAsync(long chatId, string text, long? messageThreadId, CancellationToken cancellationToken) =>
        (await CallAsync("sendMessage", new SendMessageRequest(chatId, text, messageThreadId), CallJson.Default.SendMessageRequest, CallTimeout, cancellationToken))
            .Deserialize(TelegramJson.Default.Message)!;

    /// <summary>Shows "typing…" for at most 5 s.</summary>
    public Task SendChatActionAsync(long chatId, string action, long? messageThreadId, CancellationToken cancellationToken) =>
        CallAsync("sendChatAction", new SendChatActionRequest(chatId, action, messageThreadId), CallJson.Default.SendChatActionRequest, CallTimeout, cancellationToken);

    /// <summary>Where to download a file from, for at least an hour.</summary>
    public async Task<TelegramFile> GetFileAsync(string fileId, CancellationToken cancellationToken) =>
        (await CallAsync("getFile", new GetFileRequest(fileId), CallJson.Default.GetFileRequest, CallTimeout, cancellationToken)).Deserialize(TelegramJson.Default.TelegramFile)!;

    /// <summary>The bot's menu of commands, for one language or (null) for all others.</summary>
    public Task SetMyCommandsAsync(IReadOnlyList<BotCommand> commands, string? languageCode, CancellationToken cancellationToken) =>
        CallAsync("setMyCommands", new SetMyCommandsRequest(commands, languageCode), CallJson.Default.SetMyCommandsRequest, CallTimeout, cancellationToken);

    /// <summary>Ends a webhook, so that <c>getUpdates</c> works.</summary>
    public Task DeleteWebhookAsync(bool dropPendingUpdates, CancellationToken cancellationToken) =>
        CallAsync("deleteWebhook", new DeleteWebhookRequest(dropPendingUpdates), CallJson.Default.DeleteWebhookRequest, CallTimeout, cancellationToken);

    /// <summary>Downloads a file whose path <see cref="GetFileAsync"/> gave, stopping at <see cref="MaxDownloadBytes"/>.</summary>
    public async Task<byte[]> DownloadAsync(string filePath, CancellationToken cancellationToken)
    {
        const string Method = "download";
        // The path comes from outside: it must not lead to another host or out of the file area.
        if (!SafePath().IsMatch(filePath) || filePath.Contains("..", StringComparison.Ordinal) || filePath.Contains("//", StringComparison.Ordinal))
            throw new TelegramException(Method, "the file path has characters that Telegram does not use", 400);

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.BaseUrl, $"/file/bot{options.Token}/{filePath}"));
        using var timeout = new CancellationTokenSource(CallTimeout * 4, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new TelegramException(Method, response.ReasonPhrase ?? "failed", (int)response.StatusCode);
            return await ReadAsync(response.Content, MaxDownloadBytes, linked.Token)
                ?? throw new TelegramException(Method, "the file is too big", 400);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new TelegramException(Method, Reason(e));
        }
    }

    private async Task<JsonElement> CallAsync<T>(string method, T arguments, JsonTypeInfo<T> type, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.BaseUrl, $"/bot{options.Token}/{method}"));
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(arguments, type));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            var body = await ReadAsync(response.Content, MaxAnswerBytes, linked.Token);
            return ReadAnswer(method, response, body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Only a failure before the request could leave is certain not to have taken effect.
            var notSent = e is HttpRequestException
            {
                HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
            };
            throw new TelegramException(method, Reason(e)) { OutcomeUnknown = !notSent };
        }
    }

    private static JsonElement ReadAnswer(string method, HttpResponseMessage response, byte[]? body)
    {
        ApiAnswer? answer = null;
        try
        {
            answer = body is null ? null : JsonSerializer.Deserialize(body, CallJson.Default.ApiAnswer);
        }
        catch (JsonException)
        {
            // A gateway on the way answers with HTML; the status below says it all.
        }

        if (answer is { Ok: true }) return answer.Result;
        var retryAfter = answer?.Parameters?.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : response.Headers.RetryAfter?.Delta;
        throw new TelegramException(method, answer?.Description ?? "the answer is not Bot API JSON", answer?.ErrorCode ?? (int)response.StatusCode)
        {
            RetryAfter = retryAfter,
            MigrateToChatId = answer?.Parameters?.MigrateToChatId,
            OutcomeUnknown = answer is null && (response.IsSuccessStatusCode || (int)response.StatusCode >= 500),
        };
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit) return null;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > limit) return null;
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    // Messages of the HTTP stack may hold the URL, and so the token: only their kind is passed on.
    private static string Reason(Exception e) => e switch
    {
        OperationCanceledException => "no answer in time",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the server's name is not known; check the base URL and the network",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "the server cannot be reached; check the base URL and the network",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection; check the clock and the certificates",
        _ => "the connection was lost",
    };

    [GeneratedRegex("^[A-Za-z0-9_./-]+$", RegexOptions.ExplicitCapture)]
    private static partial Regex SafePath();
}
