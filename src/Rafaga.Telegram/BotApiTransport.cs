using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Rafaga.Telegram;

/// <summary>One exchange with the Bot API: how arguments travel, what an answer means, and what became of a call that got none.</summary>
internal sealed partial class BotApiTransport(HttpClient http, TelegramOptions options, TimeProvider time)
{
    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private const int MaxPathLength = 256;

    public Task<TResult> CallAsync<TArguments, TResult>(
        string method, TArguments arguments, JsonTypeInfo<TArguments> argumentsType, JsonTypeInfo<TResult> resultType, TimeSpan limit, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(arguments, argumentsType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return CallAsync(method, content, resultType, limit, cancellationToken);
    }

    public async Task<TResult> CallAsync<TResult>(string method, HttpContent content, JsonTypeInfo<TResult> resultType, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address($"bot{options.Token}/{method}")) { Content = content };
        return await SendAsync(
            method,
            request,
            limit,
            async (response, stop) => ReadAnswer(method, response, await ReadAsync(response.Content, MaxAnswerBytes, stop), resultType),
            cancellationToken);
    }

    public async Task DownloadAsync(string filePath, Stream destination, int maxBytes, TimeSpan limit, CancellationToken cancellationToken)
    {
        const string Method = "download";
        // The path comes from outside: it must not lead to another host or out of the file area.
        if (!IsSafe(filePath)) throw new TelegramException(Method, "the file path is not one that Telegram gives");
        using var request = new HttpRequestMessage(HttpMethod.Get, Address($"file/bot{options.Token}/{filePath}"));
        await SendAsync(Method, request, limit, ReadFileAsync, cancellationToken);

        async Task<bool> ReadFileAsync(HttpResponseMessage response, CancellationToken stop)
        {
            if (response.StatusCode != HttpStatusCode.OK) throw new TelegramException(Method, Scrub(response.ReasonPhrase ?? "failed"), (int)response.StatusCode);
            return await CopyAsync(response.Content, destination, maxBytes, stop) ? true : throw new TelegramException(Method, "the file is too big", 400);
        }
    }

    /// <summary>Whether a path leads to one file in the file area, and nowhere else.</summary>
    internal static bool IsSafe(string filePath) =>
        filePath.Length <= MaxPathLength && SafePath().IsMatch(filePath) && Array.TrueForAll(filePath.Split('/'), part => part is not ("." or ".."));

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
        if (answer is { ErrorCode: null }) answer = null;
        var code = answer?.ErrorCode ?? (int)response.StatusCode;
        var retryAfter = answer?.Parameters?.RetryAfter is { } seconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : response.Headers.RetryAfter?.Delta;
        throw new TelegramException(method, Scrub(answer?.Description ?? "the answer is not Bot API JSON"), code)
        {
            FromGateway = answer is null,
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
        using var buffer = new MemoryStream();
        return await CopyAsync(content, buffer, limit, cancellationToken) ? buffer.ToArray() : null;
    }

    // False when there is more than the limit; the destination then holds a part of it.
    private static async Task<bool> CopyAsync(HttpContent content, Stream destination, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit) return false;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var chunk = new byte[81920];
        var total = 0;
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if ((total += read) > limit) return false;
            await destination.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
        }

        return true;
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
