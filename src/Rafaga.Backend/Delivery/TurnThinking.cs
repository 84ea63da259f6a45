using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Agent;

namespace Rafaga.Backend.Delivery;

/// <summary>From a turn that is laid out to one that is ready to be stored: the agent works, and code completes what it did. Nothing is written.</summary>
internal sealed class TurnThinking(AgentLoop agent, RunLog runs, BackendMetrics metrics, TimeProvider time, ILoggerFactory loggers)
{
    /// <param name="batchId">What the log calls the batch.</param>
    /// <param name="claim">Whose turn it is.</param>
    /// <param name="turn">The turn; its workbench holds what the agent does.</param>
    /// <param name="run">Tells what the agent did and cost, even when it fails.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Models.ModelException">The model gave no answer.</exception>
    public async Task<CompletedTurn> ThinkAsync(string batchId, Claim claim, Turn turn, AgentRun run, CancellationToken cancellationToken)
    {
        if (!turn.NeedsAgent) return Completion.Quiet(turn);
        var budget = await runs.BudgetAsync(claim.UserId, cancellationToken);
        if (budget.IsSpent) run.StoppedBy = RunStop.Daily;
        else
        {
            var tools = new Toolbox(turn.Workbench, batchId, metrics, time, loggers.CreateLogger<Toolbox>());
            IReadOnlyList<AIContent> images = [.. turn.Workbench.Items.Select(item => item.View?.ToContent()).OfType<AIContent>()];
            await agent.RunAsync(batchId, run, budget, turn.Context, images, tools, cancellationToken);
        }

        return Completion.Finish(turn, run);
    }
}
