using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Contracts;

namespace Rafaga.Worker;

/// <summary>Delivers batches to the backend, signed, and turns every answer but a reply into what the batch needs next.</summary>
internal sealed partial class BackendClient(WorkerOptions options, TimeProvider time, ILogger<BackendClient> logger) : IDisposable
{
    private const int MaxAnswerBytes = 1024 * 1024;
    private static readonly TimeSpan WhileRunning = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WhileAbsent = TimeSpan.FromSeconds(3);
    // There is another language to fall back to.
    private static readonly TimeSpan LanguagePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPark = TimeSpan.FromHours(1);

    // Not from the factory: its loggers print addresses, and the limit is per call and on the injected clock.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Uri _address = new(options.BackendUrl.AbsoluteUri.TrimEnd('/') + BatchEndpoint.Path);

    /// <summary>What the backend answered, before it is read.</summary>
    public delegate void Answered(int status, ReadOnlySpan<byte> body);

    /// <exception cref="RetryLaterException">Parked: the backend is away, busy with this batch, or asks for patience.</exception>
    /// <exception cref="DeadLetterException">The backend will never take this batch.</exception>
    /// <exception cref="LeaseLostException">The backend has seen a newer holder.</exception>
    /// <exception cref="BackendException">Anything else: a failed attempt.</exception>
    public async Task<BatchReply> PostAsync(Batch<JsonElement> batch, Answered answered, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Request(batch), ContractsJson.Default.BatchRequest);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        Sign(request, batch.Id.Value, body);

        var startedAt = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(options.BackendTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            var answer = await ReadAsync(response.Content, linked.Token);
            LogAnswered(batch.Id, batch.Messages.Count, body.Length, (int)response.StatusCode, time.GetElapsedTime(startedAt).TotalMilliseconds);
            answered((int)response.StatusCode, answer);
            return Read(batch, response, answer);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BackendException($"The backend at {_address.Authority} did not answer within {options.BackendTimeout.TotalSeconds:F0} s.");
        }
        catch (Exception e) when (IsAbsence(e, cancellationToken))
        {
            // It restarts, or starts in this very process: no fault of the batch, and none that apologies would help.
            throw new RetryLaterException($"The backend at {_address.Authority} cannot be reached; is it running, and is the address right?", WhileAbsent, burnsAttempt: false, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new BackendException($"The connection to the backend at {_address.Authority} was lost.", e);
        }
    }

    /// <summary>The language that a person has chosen; null when there is none, or it cannot be asked now.</summary>
    public async Task<string?> LanguageAsync(ConversationId conversation, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new LanguageRequest(conversation.Value), ContractsJson.Default.LanguageRequest);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.BackendUrl.AbsoluteUri.TrimEnd('/') + LanguageEndpoint.Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        Sign(request, conversation.Value, body);
        using var timeout = new CancellationTokenSource(LanguagePatience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return response.StatusCode == HttpStatusCode.OK && await ReadAsync(response.Content, linked.Token) is { } answer
                ? JsonSerializer.Deserialize(answer, ContractsJson.Default.LanguageReply)?.Spoken()
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogNoLanguage(e.GetType().Name);
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private static BatchRequest Request(Batch<JsonElement> batch) => new(
        batch.Id.Value, batch.Conversation.Value, batch.Fence, batch.Attempt, batch.CloseReason.Name(), batch.OpenedAt, batch.SealedAt,
        [.. batch.Messages.Select(m => new BatchMessage(m.Id, m.AppendedAt, m.Body))]);

    private void Sign(HttpRequestMessage request, string id, byte[] body)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.Add(RequestSignature.IdHeader, id);
        request.Headers.Add(RequestSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        if (options.Secret is { } secret) request.Headers.Add(RequestSignature.SignatureHeader, RequestSignature.Sign(secret, id, timestamp, body));
    }

    private BatchReply Read(Batch<JsonElement> batch, HttpResponseMessage response, byte[]? answer)
    {
        var retryAfter = RetryAfter(response);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                var reply = ReadReply(batch.Id, answer);
                return reply.Status == BatchStatus.Running ? throw Running(retryAfter) : reply;
            case HttpStatusCode.Accepted:
                throw Running(retryAfter);
            case HttpStatusCode.Conflict:
                LogStale(batch.Id, batch.Fence);
                throw new LeaseLostException(new Lease(batch.Conversation, batch.Id, batch.Fence));
            case HttpStatusCode.Unauthorized:
                throw new DeadLetterException("The backend refuses the signature (401): give worker and backend the same RAFAGA__BACKEND__SECRET, and check both clocks.");
            case HttpStatusCode.BadRequest:
                throw new DeadLetterException("The backend cannot read this batch (400); its log says why.");
            case HttpStatusCode.RequestEntityTooLarge:
                throw new DeadLetterException("The batch is larger than the backend takes (413).");
            case HttpStatusCode.UnprocessableEntity when Problem(answer) == BatchProblemType.ModelRejected:
                throw new DeadLetterException("The model refuses this batch as it is (422); the backend's log says why.");
            case HttpStatusCode.UnprocessableEntity:
                throw new DeadLetterException("The backend knows this batch id with other content (422).");
            case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable when retryAfter is not null:
                throw new RetryLaterException($"{Reason(Problem(answer))} ({(int)response.StatusCode}).", retryAfter, burnsAttempt: false);
            default:
                throw new BackendException(Problem(answer) is { } type
                    ? $"{Reason(type)} ({(int)response.StatusCode})."
                    : $"The backend at {_address.Authority} answered {(int)response.StatusCode}.");
        }
    }

    // The type, not the words: they may quote the person.
    private static string? Problem(byte[]? answer)
    {
        try
        {
            return answer is null ? null : JsonSerializer.Deserialize(answer, ContractsJson.Default.BatchProblem)?.Type;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Reason(string? problem) => problem switch
    {
        BatchProblemType.ModelBusy => "The model has too much to do and asks for patience",
        BatchProblemType.ModelUnavailable => "The model does not answer",
        BatchProblemType.ModelBlocked => "The model's key, permission or credit needs the operator; see the backend's log and \"rafaga doctor\"",
        _ => "The backend asks for patience",
    };

    // Nothing was sent. A cancellation that nobody asked for is the connect time-out.
    private static bool IsAbsence(Exception e, CancellationToken cancellationToken) => e switch
    {
        HttpRequestException http => http.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    private static RetryLaterException Running(TimeSpan? retryAfter) =>
        new("The backend is still working on an earlier delivery of this batch.", retryAfter ?? WhileRunning, burnsAttempt: false);

    private static BatchReply ReadReply(BatchId id, byte[]? answer)
    {
        try
        {
            if (answer is not null && JsonSerializer.Deserialize(answer, ContractsJson.Default.BatchReply) is { } reply && reply.BatchId == id.Value) return reply;
        }
        catch (JsonException)
        {
            // Said below, without the parser's words: they may quote the reply.
        }

        throw new BackendException("The backend answered 200, but not with a reply to this batch.");
    }

    // At least a moment, or a wrong value would make the worker spin; at most an hour, or it would lose the batch from sight.
    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return asked is { } wait ? TimeSpan.FromSeconds(Math.Clamp(wait.TotalSeconds, 1, LongestPark.TotalSeconds)) : null;
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > MaxAnswerBytes) return null;
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] {BatchId}: {Messages} messages, {Bytes} bytes posted; {Status} after {Milliseconds:F0} ms")]
    private partial void LogAnswered(BatchId batchId, int messages, int bytes, int status, double milliseconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[WORKER] the backend did not say which language a person has chosen: {Kind}")]
    private partial void LogNoLanguage(string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[WORKER] {BatchId}: the backend has seen a newer holder than fence {Fence}; stopping")]
    private partial void LogStale(BatchId batchId, long fence);
}

/// <summary>A delivery that did not succeed and may be tried again.</summary>
internal sealed class BackendException(string message, Exception? inner = null) : Exception(message, inner);
