using Microsoft.Extensions.DependencyInjection;
using Rafaga.Backend.Models;

namespace Rafaga.Backend;

/// <summary>Registers the models.</summary>
public static class ModelRegistration
{
    /// <summary>Answers batches with one model and describes photos with another, which may be cheaper.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, ModelOptions agent, ModelOptions photos) =>
        services.AddSingleton(provider => ModelSet.Create(agent, photos, provider.GetRequiredService<TimeProvider>()));
}
