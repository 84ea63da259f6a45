using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Rafaga.Backend.Agent;

/// <summary>
/// The turn of the model: it is asked, its tool calls are answered, all of them, and it is asked again. Messages are only ever appended,
/// and whoever reaches a limit is not asked again: code finishes the turn.
/// </summary>
internal sealed partial class AgentLoop(IChatClient model, SystemPrompt prompt, BackendOptions options, TimeProvider time, ILogger<AgentLoop> logger)
{
    private const int MaxReplyLength = 12_000;

    /// <exception cref="ModelUnavailableException">The model did not answer.</exception>
    public async Task<AgentRun> RunAsync(string batchId, string context, Toolbox tools, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var messages = new List<ChatMessage> { new(ChatRole.System, prompt.Text), new(ChatRole.User, context) };
        var request = new ChatOptions { Tools = [.. ToolDeclarations.All] };
        var usage = new UsageDetails();
        string? modelId = null;
        string? stoppedBy = null;
        string? text = null;
        int rounds = 0, calls = 0;

        using var limit = new CancellationTokenSource(options.MaxDuration, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (stoppedBy is null)
            {
                if (rounds == options.MaxRounds)
                {
                    stoppedBy = "rounds";
                    break;
                }

                rounds++;
                var response = await AskAsync(messages, request, linked.Token);
                modelId = response.ModelId ?? modelId;
                if (response.Usage is { } used) usage.Add(used);

                var asked = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Where(call => !call.InformationalOnly).ToList();
                if (asked.Count == 0)
                {
                    text = PlainText.Clean(response.Text, MaxReplyLength);
                    break;
                }

                messages.AddRange(response.Messages);
                var results = new List<AIContent>(asked.Count);
                foreach (var call in asked)
                {
                    if (calls == options.MaxToolCalls)
                    {
                        stoppedBy = "calls";
                        break;
                    }

                    calls++;
                    results.Add(await tools.CallAsync(call, linked.Token));
                }

                messages.Add(new ChatMessage(ChatRole.Tool, results));
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            stoppedBy = "time";
        }

        var duration = time.GetElapsedTime(started);
        if (stoppedBy is not null) LogStopped(batchId, stoppedBy, rounds, calls);
        return new AgentRun(text, modelId, rounds, calls, stoppedBy, usage, duration);
    }

    private async Task<ChatResponse> AskAsync(List<ChatMessage> messages, ChatOptions request, CancellationToken cancellationToken)
    {
        try
        {
            // A client that does not heed the token must not hold the turn beyond its limit.
            return await model.GetResponseAsync(messages, request, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelUnavailableException(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} the model reached the limit of {Limit} after {Rounds} rounds and {Calls} tool calls; finished by code")]
    private partial void LogStopped(string batchId, string limit, int rounds, int calls);
}

/// <summary>How the model's turn went: its reply, if it gave one, and the limit that ended it (rounds, calls or time), if one did.</summary>
internal sealed record AgentRun(string? Text, string? Model, int Rounds, int ToolCalls, string? StoppedBy, UsageDetails Usage, TimeSpan Duration)
{
    public static AgentRun None { get; } = new(null, null, 0, 0, null, new UsageDetails(), TimeSpan.Zero);
}

/// <summary>The model cannot be reached or refused the request; the turn had no effect. The message does not repeat the vendor's, which may hold what was said.</summary>
internal sealed class ModelUnavailableException(Exception cause) : Exception($"The model did not answer ({cause.GetType().Name}).", cause);
