using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Backend.Offline;

namespace Rafaga.Backend;

/// <summary>Registers the offline model.</summary>
public static class OfflineModelRegistration
{
    /// <summary>Answers with the offline model <c>offline-1</c>: no key, no cost, no internet.</summary>
    public static IServiceCollection AddOfflineModel(this IServiceCollection services) => services.AddSingleton<IChatClient, OfflineChatClient>();
}
