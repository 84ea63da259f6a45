namespace Rafaga.Backend.Models;

/// <summary>One model: who offers it, what it may cost and how long it may take.</summary>
public sealed class ModelOptions
{
    /// <summary>Who answers. <value>The default is <see cref="ModelProvider.Offline"/>.</value></summary>
    public ModelProvider Provider { get; init; }

    /// <summary>The vendor's name for the model; not used offline.</summary>
    public string Model { get; init; } = "";

    /// <summary>Root of the vendor's interface. <value>The default is null: the vendor's own.</value></summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The key. <value>The default is null: servers of one's own need none.</value></summary>
    public string? ApiKey { get; init; }

    /// <summary>Tokens of one answer, thinking included. <value>The default is 8192.</value></summary>
    public int MaxOutputTokens { get; init; } = 8192;

    /// <summary>How hard Claude thinks: low, medium or high. <value>The default is null: the model's own.</value></summary>
    public string? Effort { get; init; }

    /// <summary>How long one answer may take. <value>The default is 60 seconds.</value></summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What a million tokens cost. <value>The default is null: the price known for this model, or nothing.</value></summary>
    public ModelPrice? Price { get; init; }
}

/// <summary>Who offers a model.</summary>
public enum ModelProvider
{
    /// <summary>The rules of this program: no key, no cost, no internet.</summary>
    Offline,

    /// <summary>Claude, by Anthropic's Messages API.</summary>
    Anthropic,

    /// <summary>Any server that speaks OpenAI's chat completions.</summary>
    OpenAi,
}
