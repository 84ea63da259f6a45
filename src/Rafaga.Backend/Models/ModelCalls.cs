using System.Diagnostics;
using Microsoft.Extensions.AI;
using Rafaga.Contracts;

namespace Rafaga.Backend.Models;

/// <summary>Asks models: the one place where an answer is measured, traced, and a failure gets its kind.</summary>
internal sealed class ModelCalls(BackendMetrics metrics, TimeProvider time)
{
    /// <summary>Asks once. A client that does not heed the token does not hold the caller beyond it.</summary>
    /// <exception cref="ModelException">No answer.</exception>
    public async Task<ChatResponse> AskAsync(Model model, IEnumerable<ChatMessage> messages, ChatOptions request, CancellationToken cancellationToken)
    {
        using var activity = BackendTrace.Source.StartActivity($"{TelemetryNames.ModelSpan} {model.Name}", ActivityKind.Client);
        activity?
            .SetTag("gen_ai.operation.name", TelemetryNames.ModelSpan)
            .SetTag("gen_ai.provider.name", model.Provider)
            .SetTag("gen_ai.request.model", model.Name);
        var started = time.GetTimestamp();
        try
        {
            var response = await model.Client.GetResponseAsync(messages, request, cancellationToken).WaitAsync(cancellationToken);
            metrics.ModelAnswered(model, response, time.GetElapsedTime(started));
            Describe(activity, response);
            return response;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = ModelException.Of(e);
            metrics.ModelFailed(model, failure.Fault, time.GetElapsedTime(started));
            activity?.SetTag("error.type", failure.Fault.ToString()).SetStatus(ActivityStatusCode.Error);
            throw failure;
        }
    }

    private static void Describe(Activity? activity, ChatResponse response)
    {
        if (activity is null) return;
        activity.SetTag("gen_ai.response.model", response.ModelId);
        if (response.FinishReason is { } finish) activity.SetTag("gen_ai.response.finish_reasons", new[] { finish.Value });
        if (response.Usage is not { } usage) return;
        activity
            .SetTag("gen_ai.usage.input_tokens", usage.InputTokenCount)
            .SetTag("gen_ai.usage.output_tokens", usage.OutputTokenCount)
            .SetTag("gen_ai.usage.cache_read.input_tokens", usage.CachedInputTokenCount)
            .SetTag("gen_ai.usage.cache_creation.input_tokens", usage.CacheWriteTokens());
    }
}
