using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Models;
using Rafaga.Contracts;

namespace Rafaga.Backend.Agent;

/// <summary>
/// The turn of the model: it is asked, its tool calls are answered, all of them, and it is asked again. Messages are only ever appended,
/// and whoever reaches a limit is not asked again: code finishes the turn.
/// </summary>
internal sealed partial class AgentLoop(ModelSet models, ModelCalls modelCalls, SystemPrompt prompt, BackendOptions options, TimeProvider time, ILogger<AgentLoop> logger)
{
    private const int MaxReplyLength = 12_000;

    /// <summary>Runs the turn; <paramref name="run"/> tells what it did and cost, even when it fails.</summary>
    /// <exception cref="ModelException">The model gave no answer, and a later attempt may get one, or the batch itself is refused.</exception>
    public async Task RunAsync(string batchId, AgentRun run, RunBudget budget, TurnContext turn, IReadOnlyList<AIContent> images, Toolbox tools, CancellationToken cancellationToken)
    {
        using var activity = BackendTrace.Source.StartActivity(TelemetryNames.AgentSpan);
        activity?
            .SetTag("gen_ai.operation.name", "invoke_agent")
            .SetTag("gen_ai.agent.name", "rafaga")
            .SetTag("gen_ai.provider.name", models.Agent.Provider)
            .SetTag("rafaga.batch.id", batchId);
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(options.MaxDuration, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            List<ChatMessage> messages = [new(ChatRole.System, prompt.Text), turn.ToMessage(images)];
            run.Given(turn.ToJson());
            try
            {
                await TalkAsync(run, budget, messages, tools, linked.Token);
            }
            catch (ModelException e) when (e.Fault == ModelFault.Rejected && images.Count > 0 && run.Calls.Count == 0)
            {
                // A picture that the vendor does not take, or a model without eyes: neither may cost the person the turn.
                LogBlind(batchId, images.Count);
                messages[1] = turn.WithoutImages().ToMessage([]);
                await TalkAsync(run, budget, messages, tools, linked.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            run.StoppedBy = RunStop.Time;
        }
        finally
        {
            run.Duration = time.GetElapsedTime(started);
        }

        if (run.StoppedBy is not null) LogStopped(batchId, run.StoppedBy, run.Rounds, run.Calls.Count);
    }

    private async Task TalkAsync(AgentRun run, RunBudget budget, List<ChatMessage> messages, Toolbox tools, CancellationToken cancellationToken)
    {
        while (await RoundAsync(run, budget, messages, tools, cancellationToken))
        {
        }
    }

    // One request and the tool calls it leads to; false when there is nothing more to ask.
    private async Task<bool> RoundAsync(AgentRun run, RunBudget budget, List<ChatMessage> messages, Toolbox tools, CancellationToken cancellationToken)
    {
        if ((run.Rounds == options.MaxRounds ? RunStop.Rounds : budget.Reached(run)) is { } reached) return Stop(run, reached);

        // The last request is for the reply: tools stay in it, because what was said before speaks of them, but none may be called.
        var request = new ChatOptions { Tools = [.. ToolDeclarations.All], ToolMode = run.Rounds == options.MaxRounds - 1 ? ChatToolMode.None : null };
        ChatResponse response;
        try
        {
            response = await WholeAsync(run, messages, request, cancellationToken);
        }
        catch (ModelException e) when (e.Fault == ModelFault.TooLong || (e.Fault is ModelFault.Rejected or ModelFault.Unusable && run.Calls.Count > 0))
        {
            // After the first round, what a vendor rejects, or its client cannot write, is what its own model said.
            return Stop(run, e.Fault == ModelFault.TooLong ? RunStop.TooLong : RunStop.Malformed);
        }

        if (response.FinishReason == ChatFinishReason.ContentFilter) return Stop(run, RunStop.Refusal);
        if (response.FinishReason == Finish.ContextFull) return Stop(run, RunStop.TooLong);
        var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Where(call => !call.InformationalOnly).ToList();
        if (response.FinishReason == ChatFinishReason.Length)
        {
            run.Text = calls.Count == 0 && PlainText.Clean(response.Text, MaxReplyLength) is { } cut ? cut + "…" : null;
            return Stop(run, RunStop.CutOff);
        }

        messages.AddRange(response.Messages);
        if (calls.Count > 0) return request.ToolMode is null ? await CallAsync(run, messages, calls, tools, cancellationToken) : Stop(run, RunStop.Rounds);
        run.Text = PlainText.Clean(response.Text, MaxReplyLength);
        return false;
    }

    // An answer that was cut off is asked for once more with twice the room: thinking counts, and may have taken it all.
    private async Task<ChatResponse> WholeAsync(AgentRun run, List<ChatMessage> messages, ChatOptions request, CancellationToken cancellationToken)
    {
        var response = await AskAsync(run, messages, request, cancellationToken);
        if (response.FinishReason != ChatFinishReason.Length || run.Rounds == options.MaxRounds) return response;
        request.MaxOutputTokens = models.Agent.MaxOutputTokens * 2;
        return await AskAsync(run, messages, request, cancellationToken);
    }

    private async Task<ChatResponse> AskAsync(AgentRun run, List<ChatMessage> messages, ChatOptions request, CancellationToken cancellationToken)
    {
        run.Asked();
        var response = await modelCalls.AskAsync(models.Agent, messages, request, cancellationToken);
        run.Answered(response);
        return response;
    }

    private async Task<bool> CallAsync(AgentRun run, List<ChatMessage> messages, List<FunctionCallContent> calls, Toolbox tools, CancellationToken cancellationToken)
    {
        var earlier = messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId);
        if (calls.Select(call => call.CallId).Concat(earlier).GroupBy(id => id, StringComparer.Ordinal).Any(id => id.Count() > 1)) return Stop(run, RunStop.Malformed);

        var results = new List<AIContent>(calls.Count);
        foreach (var call in calls)
        {
            if (run.Calls.Count == options.MaxToolCalls) return Stop(run, RunStop.Calls);
            var started = time.GetTimestamp();
            var result = await tools.CallAsync(call, cancellationToken);
            run.Called(call, result, time.GetElapsedTime(started));
            results.Add(result);
        }

        messages.Add(new ChatMessage(ChatRole.Tool, results));
        return true;
    }

    private static bool Stop(AgentRun run, string reason)
    {
        run.StoppedBy = reason;
        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} the model refused the turn; it is asked again without its {Images} images")]
    private partial void LogBlind(string batchId, int images);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} the model's turn was ended by {Limit} after {Rounds} rounds and {Calls} tool calls; finished by code")]
    private partial void LogStopped(string batchId, string limit, int rounds, int calls);
}

/// <summary>What a run may still take of tokens and money.</summary>
internal sealed record RunBudget(long Tokens, long NanoUsd)
{
    /// <summary>Whether there was nothing left to begin with.</summary>
    public bool IsSpent => Tokens <= 0 || NanoUsd <= 0;

    /// <summary>The limit that a run has reached; null while there is room.</summary>
    public string? Reached(AgentRun run) => run.Tokens >= Tokens ? RunStop.Tokens : run.CostNanoUsd >= NanoUsd ? RunStop.Cost : null;
}
