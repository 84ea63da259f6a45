using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rafaga.Bot.Intake;
using Rafaga.Contracts;

namespace Rafaga.Bot.Commands;

/// <summary>Hands to the backend what a person orders about their memories.</summary>
internal sealed partial class BackendCommands(BotOptions options, TimeProvider time, ILogger<BackendCommands> logger) : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    // Short, because the poller waits for it; whoever gets no answer asks again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Not from the factory: its loggers print addresses, and the limit is on the injected clock.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <summary>Has a command carried out.</summary>
    public async Task<CommandAnswer> AskAsync(UpdateOutcome.Command command, string name, JsonElement update, CancellationToken cancellationToken)
    {
        if (options.BackendUrl is not { } backend) return new CommandAnswer.Unknown();
        using var timeout = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Request(new Uri(backend.AbsoluteUri.TrimEnd('/') + CommandEndpoint.Path), command, name, update);
            using var response = await _http.SendAsync(request, linked.Token);
            if (response.StatusCode == HttpStatusCode.NotFound) return new CommandAnswer.Unknown();
            if (response.StatusCode != HttpStatusCode.OK) return Away($"answered {(int)response.StatusCode}");
            var reply = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(linked.Token), ContractsJson.Default.CommandReply);
            return string.IsNullOrWhiteSpace(reply?.Text) ? Away("answered without a text") : new CommandAnswer.Said(reply.Text);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Away("did not answer in time");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return Away(e.GetType().Name);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(Uri address, UpdateOutcome.Command command, string name, JsonElement update)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"u{command.UpdateId}");
        var body = JsonSerializer.SerializeToUtf8Bytes(new CommandRequest(id, command.Conversation.Value, name, command.Argument, update), ContractsJson.Default.CommandRequest);
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
}

/// <summary>What the backend made of a command.</summary>
internal abstract record CommandAnswer
{
    /// <summary>Carried out; the text is for the person.</summary>
    internal sealed record Said(string Text) : CommandAnswer;

    /// <summary>There is no backend, or none that knows it.</summary>
    internal sealed record Unknown : CommandAnswer;

    /// <summary>Not now.</summary>
    internal sealed record Away : CommandAnswer;
}
