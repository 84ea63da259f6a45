using Microsoft.Extensions.DependencyInjection;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Prompts;

namespace Rafaga.Backend;

/// <summary>Registers the prompt pack.</summary>
public static class PromptPackRegistration
{
    /// <summary>Loads and checks the prompt pack at once, so that a fault stops the start, and offers it as <see cref="SystemPrompt"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="folder">The pack's folder; <c>Prompts</c> beside the executable when null or empty.</param>
    /// <exception cref="PromptPackException">Something is missing or wrong; the message is one line that names the file and the fix.</exception>
    public static IServiceCollection AddPromptPack(this IServiceCollection services, string? folder)
    {
        var pack = string.IsNullOrWhiteSpace(folder) ? PromptPack.DefaultFolder : folder;
        return services.AddSingleton(PromptPack.Load(pack)).AddSingleton(PromptPack.LoadPhotos(pack));
    }
}
