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
    private const int MaxPathLength = 256;

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
        CallAsync("getMe", new NoArguments(), CallJson.Default.NoArguments, TelegramJson.Default.User, CallTimeout, cancellationToken);

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
        return await CallAsync("getUpdates", request, CallJson.Default.GetUpdatesRequest, CallJson.Default.JsonElementArray, CallTimeout + timeout, cancellationToken);
    }

    /// <summary>Sends a text of 1 to 4096 characters. Not idempotent: see <see cref="TelegramException.OutcomeUnknown"/>.</summary>
    public Task<Message> SendMessageAsync(long chatId, string text, long? messageThreadId, CancellationToken cancellationToken) =>
        CallAsync(
            "sendMessage", new SendMessageRequest(chatId, text, messageThreadId), CallJson.Default.SendMessageRequest, TelegramJson.Default.Message, CallTimeout, cancellationToken);

    /// <summary>Shows "typing…" for at most 5 s.</summary>
    public Task SendChatActionAsync(long chatId, string action, long? messageThreadId, CancellationToken cancellationToken) =>
        CallAsync(
            "sendChatAction", new SendChatActionRequest(chatId, action, messageThreadId), CallJson.Default.SendChatActionRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    /// <summary>Where to download a file from, for at least an hour.</summary>
    public Task<TelegramFile> GetFileAsync(string fileId, CancellationToken cancellationToken) =>
        CallAsync("getFile", new GetFileRequest(fileId), CallJson.Default.GetFileRequest, TelegramJson.Default.TelegramFile, CallTimeout, cancellationToken);

    /// <summary>The bot's menu of commands, for one language or (null) for all others.</summary>
    public Task SetMyCommandsAsync(IReadOnlyList<BotCommand> commands, string? languageCode, CancellationToken cancellationToken) =>
        CallAsync(
            "setMyCommands", new SetMyCommandsRequest(commands, languageCode), CallJson.Default.SetMyCommandsRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    /// <summary>Ends a webhook, so that <c>getUpdates</c> works.</summary>
    public Task DeleteWebhookAsync(bool dropPendingUpdates, CancellationToken cancellationToken) =>
        CallAsync("deleteWebhook", new DeleteWebhookRequest(dropPendingUpdates), CallJson.Default.DeleteWebhookRequest, CallJson.Default.Boolean, CallTimeout, cancellationToken);

    /// <summary>Downloads a file whose path <see cref="GetFileAsync"/> gave, stopping at <see cref="MaxDownloadBytes"/>.</summary>
    public async Task<byte[]> DownloadAsync(string filePath, CancellationToken cancellationToken)
    {
        const string Method = "download";
        // The path comes from outside: it must not lead to another host or out of the file area.
        if (!IsSafe(filePath)) throw new TelegramException(Method, "the file path is not one that Telegram gives");
        using var request = new HttpRequestMessage(HttpMethod.Get, Address($"file/bot{options.Token}/{filePath}"));
        return await SendAsync(Method, request, CallTimeout * 4, ReadFileAsync, cancellationToken);

        async Task<byte[]> ReadFileAsync(HttpResponseMessage response, CancellationToken stop)
        {
            if (response.StatusCode != HttpStatusCode.OK) throw new TelegramException(Method, Scrub(response.ReasonPhrase ?? "failed"), (int)response.StatusCode);
            return await ReadAsync(response.Content, MaxDownloadBytes, stop) ?? throw new TelegramException(Method, "the file is too big", 400);
        }
    }

    /// <summary>Whether a path leads to one file in the file area, and nowhere else.</summary>
    internal static bool IsSafe(string filePath) =>
        filePath.Length <= MaxPathLength && SafePath().IsMatch(filePath) && Array.TrueForAll(filePath.Split('/'), part => part is not ("." or ".."));

    private async Task<TResult> CallAsync<TArguments, TResult>(
        string method, TArguments arguments, JsonTypeInfo<TArguments> argumentsType, JsonTypeInfo<TResult> resultType, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address($"bot{options.Token}/{method}"));
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(arguments, argumentsType));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await SendAsync(
            method,
            request,
            limit,
            async (response, stop) => ReadAnswer(method, response, await ReadAsync(response.Content, MaxAnswerBytes, stop), resultType),
            cancellationToken);
    }

    private async Task<TResult> SendAsync<TResult>(
        string method, HttpRequestMessage request, TimeSpan limit, Func<HttpResponseMessage, CancellationToken, Task<TResult>> read, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return await read(response, linked.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Only a failure before the request could leave is certain not to have taken effect. A cancellation that nobody asked for is the connect time-out.
            var notSent = e is HttpRequestException
            {
                HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
            } || (e is OperationCanceledException && !timeout.IsCancellationRequested);
            throw new TelegramException(method, Reason(e)) { OutcomeUnknown = !notSent };
        }
    }

    private TResult ReadAnswer<TResult>(string method, HttpResponseMessage response, byte[]? body, JsonTypeInfo<TResult> resultType)
    {
        var answer = body is null ? null : Parse(body);
        if (answer is { Ok: true }) return ReadResult(method, answer.Result, resultType);
        var code = answer?.ErrorCode ?? (int)response.StatusCode;
        var retryAfter = answer?.Parameters?.RetryAfter is { } seconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : response.Headers.RetryAfter?.Delta;
        throw new TelegramException(method, Scrub(answer?.Description ?? "the answer is not Bot API JSON"), code)
        {
            RetryAfter = retryAfter,
            MigrateToChatId = answer?.Parameters?.MigrateToChatId,
            // A refusal (4xx) has had no effect; a server or gateway that failed may have passed the call on before.
            OutcomeUnknown = code >= 500 || (answer is null && response.IsSuccessStatusCode),
        };
    }

    // A gateway on the way answers with HTML or nothing; the status says it all.
    private static ApiAnswer? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, CallJson.Default.ApiAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TResult ReadResult<TResult>(string method, JsonElement result, JsonTypeInfo<TResult> type)
    {
        try
        {
            if (result.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) && result.Deserialize(type) is { } value) return value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Told below, without the parser's message: it may hold what people wrote.
        }

        throw new TelegramException(method, "the answer is not of the expected form") { OutcomeUnknown = true };
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

    private Uri Address(string path) => new($"{options.BaseUrl.AbsoluteUri.TrimEnd('/')}/{path}");

    // What a server or gateway says may repeat the URL.
    private string Scrub(string text) => text.Replace(options.Token, "***", StringComparison.Ordinal);

    // Parts of plain characters between single slashes.
    [GeneratedRegex(@"\A[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex SafePath();
}
