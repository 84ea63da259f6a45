using Rafaga.Backend.Models;

namespace Rafaga.Settings;

/// <summary>Which model answers and which describes photos, as the settings say.</summary>
internal static class ModelSettings
{
    private const string Anthropic = "anthropic";
    private const string OpenAi = "openai";
    private const string Offline = "offline";
    private const string Sonnet = "claude-sonnet-5-5";
    private const string Haiku = "claude-haiku-5-5";

    /// <summary>The model that answers.</summary>
    /// <exception cref="SettingsException">Something is missing or does not go together.</exception>
    public static ModelOptions Agent(RafagaSettings settings)
    {
        var agent = settings.Agent;
        var provider = AgentProvider(settings);
        return Create(settings, nameof(RafagaSettings.Agent), provider, agent.Model ?? (provider == Anthropic ? Sonnet : null), agent.BaseUrl, agent.ApiKey, (agent.InputUsd, agent.OutputUsd));
    }

    /// <summary>The model that describes photos.</summary>
    /// <exception cref="SettingsException">Something is missing or does not go together.</exception>
    public static ModelOptions Photos(RafagaSettings settings)
    {
        var (agent, photos) = (settings.Agent, settings.Photos);
        var agentProvider = AgentProvider(settings);
        var provider = photos.Provider ?? agentProvider;
        // Address and key go together: the agent's go to nobody else's server.
        var shared = provider == agentProvider && photos.BaseUrl is null;
        var model = photos.Model ?? (provider == Anthropic ? Haiku : provider == agentProvider ? agent.Model : null);
        var price = photos.InputUsd is null && photos.OutputUsd is null && model == agent.Model ? (agent.InputUsd, agent.OutputUsd) : (photos.InputUsd, photos.OutputUsd);
        return Create(settings, nameof(RafagaSettings.Photos), provider, model, photos.BaseUrl ?? (shared ? agent.BaseUrl : null), photos.ApiKey ?? (shared ? agent.ApiKey : null), price);
    }

    private static string AgentProvider(RafagaSettings settings)
    {
        var agent = settings.Agent;
        if (agent.Provider is { } chosen) return chosen;
        if (settings.Anthropic.ApiKey is not null) return Anthropic;
        if (agent.BaseUrl is not null || agent.Model is not null || agent.ApiKey is not null)
            throw new SettingsException($"RAFAGA__AGENT__{(agent.BaseUrl is not null ? "BASEURL" : agent.Model is not null ? "MODEL" : "APIKEY")} is set, but nobody is named to answer: set RAFAGA__AGENT__PROVIDER=openai (any compatible server) or ANTHROPIC_API_KEY (Claude).");
        return Offline;
    }

    private static ModelOptions Create(
        RafagaSettings settings, string section, string provider, string? model, Uri? baseUrl, string? apiKey, (double? Input, double? Output) price)
    {
        var name = $"RAFAGA__{section.ToUpperInvariant()}__";
        var key = apiKey ?? (provider == Anthropic ? settings.Anthropic.ApiKey : null);
        if (provider == Anthropic && key is null) throw new SettingsException($"{name}PROVIDER is anthropic, but there is no key: set ANTHROPIC_API_KEY.");
        if (provider == OpenAi && key is null && baseUrl is null)
            throw new SettingsException($"{name}PROVIDER is openai, but neither {name}APIKEY (OpenAI) nor {name}BASEURL (a server of your own) is set.");
        if (provider == OpenAi && model is null) throw new SettingsException($"{name}PROVIDER is openai, but no model is named: set {name}MODEL.");
        if (key is not null && (key.Length == 0 || key.Any(c => c is <= ' ' or > '~'))) throw new SettingsException($"The key for {provider} holds blanks or letters that no key has. Copy it again.");
        if (baseUrl is { IsAbsoluteUri: false } or { Scheme: not ("http" or "https") } or { UserInfo.Length: > 0 })
            throw new SettingsException($"{name}BASEURL must be an http or https address without a user, such as http://127.0.0.1:11434.");
        if (provider != Anthropic && section == nameof(RafagaSettings.Agent) && settings.Agent.Effort is not null)
            throw new SettingsException("RAFAGA__AGENT__EFFORT is Claude's alone: leave it out, or use anthropic.");
        if (price is (null, not null) or (not null, null)) throw new SettingsException($"{name}INPUTUSD and {name}OUTPUTUSD go together: set both.");

        return new ModelOptions
        {
            Provider = provider switch { Anthropic => ModelProvider.Anthropic, OpenAi => ModelProvider.OpenAi, _ => ModelProvider.Offline },
            Model = model ?? "",
            BaseUrl = baseUrl,
            ApiKey = key,
            MaxOutputTokens = settings.Agent.MaxOutputTokens,
            Effort = section == nameof(RafagaSettings.Agent) ? settings.Agent.Effort : null,
            Timeout = section == nameof(RafagaSettings.Photos) ? PhotoTimeout(settings) : TimeSpan.FromSeconds(settings.Agent.CallTimeoutSeconds),
            Price = price is ({ } input, { } output) ? new ModelPrice((decimal)input, (decimal)output) : null,
        };
    }

    // A little less than all photos may take: a server that hangs is then known to, and the next batch does not wait for it again.
    private static TimeSpan PhotoTimeout(RafagaSettings settings) => TimeSpan.FromSeconds(Math.Min(settings.Agent.CallTimeoutSeconds, settings.Photos.TimeoutSeconds * 0.8));
}
