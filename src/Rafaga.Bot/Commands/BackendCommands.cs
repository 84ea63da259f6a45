using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Contracts;

namespace Rafaga.Bot.Commands;

/// <summary>Hands to the backend what a person orders about their memories.</summary>
internal sealed partial class BackendCommands(BotOptions options, TimeProvider time, ILogger<BackendCommands> logger) : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    // Short, because the intake waits for it; whoever gets no answer asks again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Shorter: there is another language to fall back to.
    private static readonly TimeSpan LanguagePatience = TimeSpan.FromSeconds(2);

    // Packing takes as long as there are photos.
    private static readonly TimeSpan ExportPatience = TimeSpan.FromMinutes(5);

    // Not from the factory: its loggers print addresses, and the limit is on the injected clock.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <summary>Has a command carried out.</summary>
    public async Task<CommandAnswer> AskAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        var (status, reply) = await PostAsync(
            CommandEndpoint.Path, request.Id, request, ContractsJson.Default.CommandRequest, ContractsJson.Default.CommandReply, Patience, cancellationToken);
        return status switch
        {
            HttpStatusCode.NotFound => new CommandAnswer.Unknown(),
            HttpStatusCode.OK when Lack(reply) is { } lack => Away($"answered {lack}"),
            HttpStatusCode.OK => new CommandAnswer.Said(reply!),
            null => new CommandAnswer.Away(),
            _ => Away($"answered {(int)status}"),
        };
    }

    // The reply is somebody else's JSON: what the contract promises may be missing.
    private static string? Lack(CommandReply? reply)
    {
        if (string.IsNullOrWhiteSpace(reply?.Text)) return "without a text";
        if (reply.Buttons?.Any(button => button is not { Label: not null, Name: not null }) == true) return "with a button that has no label or no name";
        return reply.Files?.Any(file => file is not { FileId: not null, Kind: not null }) == true ? "with a file that has no file_id or no kind" : null;
    }

    /// <summary>The language that a person has chosen; null when there is none, or nobody to ask.</summary>
    public async Task<string?> LanguageAsync(ConversationId conversation, CancellationToken cancellationToken)
    {
        var (_, reply) = await PostAsync(
            LanguageEndpoint.Path, conversation.Value, new LanguageRequest(conversation.Value), ContractsJson.Default.LanguageRequest, ContractsJson.Default.LanguageReply,
            LanguagePatience, cancellationToken);
        return reply?.Spoken();
    }

    /// <summary>One part of everything that is kept of a person, in a file that goes when it is closed.</summary>
    public async Task<ExportPart> ExportAsync(ConversationId conversation, int? skip, CancellationToken cancellationToken)
    {
        if (options.BackendUrl is not { } backend) return new ExportPart(null, null, IsEmpty: true);
        using var timeout = new CancellationTokenSource(ExportPatience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        FileStream? file = null;
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new ExportRequest(conversation.Value, skip), ContractsJson.Default.ExportRequest);
            using var request = Request(new Uri(backend.AbsoluteUri.TrimEnd('/') + ExportEndpoint.Path), conversation.Value, body);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotFound) return new ExportPart(null, null, IsEmpty: true);
            response.EnsureSuccessStatusCode();
            file = new FileStream(
                Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
            await response.Content.CopyToAsync(file, linked.Token);
            await file.FlushAsync(linked.Token);
            int? next = response.Headers.TryGetValues(ExportEndpoint.NextHeader, out var values) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? said : null;
            return new ExportPart(file, next, IsEmpty: false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (file is not null) await file.DisposeAsync();
            LogAway(e.GetType().Name);
            return new ExportPart(null, null, IsEmpty: false);
        }
    }

    /// <summary>Whether a person was let in by a code; null when there is no answer.</summary>
    public async Task<bool?> AdmittedAsync(ConversationId conversation, CancellationToken cancellationToken)
    {
        var (status, reply) = await PostAsync(
            AccessEndpoint.Path, conversation.Value, new AccessRequest(conversation.Value), ContractsJson.Default.AccessRequest, ContractsJson.Default.AccessReply,
            Patience, cancellationToken);
        if (status == HttpStatusCode.NotFound) LogKeepsNobody();
        return status == HttpStatusCode.NotFound ? false : reply?.Admitted;
    }

    public void Dispose() => _http.Dispose();

    /// <returns>No status when there is no answer; no reply with any status but 200.</returns>
    private async Task<(HttpStatusCode? Status, TReply? Reply)> PostAsync<TRequest, TReply>(
        string path, string id, TRequest content, JsonTypeInfo<TRequest> contentType, JsonTypeInfo<TReply> replyType, TimeSpan patience, CancellationToken cancellationToken)
        where TReply : class
    {
        if (options.BackendUrl is not { } backend) return (HttpStatusCode.NotFound, null);
        using var timeout = new CancellationTokenSource(patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Request(new Uri(backend.AbsoluteUri.TrimEnd('/') + path), id, JsonSerializer.SerializeToUtf8Bytes(content, contentType));
            using var response = await _http.SendAsync(request, linked.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? (response.StatusCode, JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(linked.Token), replyType))
                : (response.StatusCode, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogAway("did not answer in time");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            LogAway(e.GetType().Name);
        }

        return (null, null);
    }

    private HttpRequestMessage Request(Uri address, string id, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.Add(RequestSignature.IdHeader, id);
        request.Headers.Add(RequestSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        if (options.Secret is { } secret) request.Headers.Add(RequestSignature.SignatureHeader, RequestSignature.Sign(secret, id, timestamp, body));
        return request;
    }

    private CommandAnswer.Away Away(string reason)
    {
        LogAway(reason);
        return new CommandAnswer.Away();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] a command was not carried out: the backend {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "[BOT] the backend does not keep who was let in (404 at /webhook/access), so a code lets nobody in: use RAFAGA__ACCESS__MODE=allowlist")]
    private partial void LogKeepsNobody();
}

/// <summary>A part of an export.</summary>
/// <param name="File">Null when there is none.</param>
/// <param name="Next">What the next part skips; null after the last.</param>
/// <param name="IsEmpty">Nothing is kept.</param>
internal sealed record ExportPart(FileStream? File, int? Next, bool IsEmpty);

/// <summary>What the backend made of a command.</summary>
internal abstract record CommandAnswer
{
    /// <summary>Carried out.</summary>
    /// <param name="Reply">For the person.</param>
    internal sealed record Said(CommandReply Reply) : CommandAnswer;

    /// <summary>There is no backend, or none that knows it.</summary>
    internal sealed record Unknown : CommandAnswer;

    /// <summary>Not now.</summary>
    internal sealed record Away : CommandAnswer;
}
