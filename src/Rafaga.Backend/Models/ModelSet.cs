using Microsoft.Extensions.AI;
using Rafaga.Backend.Offline;

namespace Rafaga.Backend.Models;

/// <summary>The models that the backend works with.</summary>
/// <param name="Agent">Answers batches.</param>
/// <param name="Photos">Describes pictures and does other small work: cheaper than the agent. Offline it sees nothing.</param>
internal sealed record ModelSet(Model Agent, Model Photos)
{
    public static ModelSet Create(ModelOptions agent, ModelOptions photos, TimeProvider time) => new(Model.Create(agent, time), Model.Create(photos, time));
}

/// <summary>One model, ready to be asked.</summary>
/// <param name="Client">Asks it; throws <see cref="ModelException"/>.</param>
/// <param name="Provider">Who offers it, for the records: offline, anthropic or openai.</param>
/// <param name="Name">The vendor's name for it.</param>
/// <param name="Price">What it costs.</param>
/// <param name="MaxOutputTokens">Of one answer, unless a request says otherwise.</param>
internal sealed record Model(IChatClient Client, string Provider, string Name, ModelPrice Price, int MaxOutputTokens)
{
    /// <summary>Rules instead of a model: it cannot see, and nothing leaves the machine.</summary>
    public bool IsOffline => Client is OfflineChatClient;

    public static Model Create(ModelOptions options, TimeProvider time)
    {
        if (options.Provider == ModelProvider.Offline) return new Model(new OfflineChatClient(), "offline", OfflineChatClient.ModelId, ModelPrice.None, options.MaxOutputTokens);
        var anthropic = options.Provider == ModelProvider.Anthropic;
        IChatClient vendor = anthropic ? ClaudeChatClient.Create(options, time) : new OpenAiChatClient(options, time);
        return new Model(
            new PatientChatClient(vendor, options.Timeout, time, new Random()),
            anthropic ? "anthropic" : "openai",
            options.Model,
            options.Price ?? ModelPrice.Of(options.Model),
            options.MaxOutputTokens);
    }
}
