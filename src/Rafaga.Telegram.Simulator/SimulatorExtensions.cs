using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Rafaga.Telegram.Simulator.BotApi;
using Rafaga.Telegram.Simulator.Chats;
using Rafaga.Telegram.Simulator.Control;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Telegram.Simulator.Store;
using Rafaga.Telegram.Simulator.Webhooks;

namespace Rafaga.Telegram.Simulator;

/// <summary>Puts the simulator into an ASP.NET Core app.</summary>
public static class SimulatorExtensions
{
    /// <summary>Registers the simulator and its chats; <see cref="TelegramSimulator"/> drives them without HTTP.</summary>
    /// <exception cref="ArgumentException">The token has not the form of one.</exception>
    public static IServiceCollection AddTelegramSimulator(this IServiceCollection services, SimulatorOptions options)
    {
        if (!TelegramOptions.IsToken(options.Token)) throw new ArgumentException("The token has not the form 123456:ABC….", nameof(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => new SimulatorClock(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SimulatorStore(options.DataFolder, provider.GetRequiredService<SimulatorClock>()));
        services.AddSingleton(provider => new FaultScript(provider.GetRequiredService<SimulatorClock>()));
        services.AddSingleton<UpdateQueue>();
        services.AddSingleton<ChatEvents>();
        services.AddSingleton<BotUser>();
        services.AddSingleton<ChatLog>();
        services.AddSingleton<UpdateMethods>();
        services.AddSingleton<SendMethods>();
        services.AddSingleton<EditMethods>();
        services.AddSingleton<ChatMethods>();
        services.AddSingleton<BotApiMethods>();
        services.AddSingleton<CallFaults>();
        services.AddSingleton<IHostedService, WebhookDelivery>();
        services.AddSingleton(provider => new TelegramSimulator(provider.GetRequiredService<ChatLog>(), provider.GetRequiredService<FaultScript>()));
        return services;
    }

    /// <summary>Maps <c>/bot{token}/…</c>, <c>/file/bot{token}/…</c> and <c>/simulator/…</c>.</summary>
    public static void MapTelegramSimulator(this IEndpointRouteBuilder routes)
    {
        BotApiEndpoints.Map(routes);
        ControlEndpoints.Map(routes);
    }
}
