using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Rafaga.Bot.Access;
using Rafaga.Bot.Commands;
using Rafaga.Bot.Intake;
using Rafaga.Telegram;

namespace Rafaga.Bot;

/// <summary>Puts the bot role into a host.</summary>
public static class BotSetup
{
    /// <summary>Adds the bot. The application also registers the <see cref="Telegram.TelegramClient"/> and the batcher with its store.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddBot(this IServiceCollection services, BotOptions options)
    {
        options.Validate();
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new Random());
        services.AddSingleton<BotHealth>();
        services.AddSingleton<BotMetrics>();
        services.AddSingleton<RejectedUpdates>();
        services.AddSingleton<BackendCommands>();
        services.AddSingleton<CommandDesk>();
        services.AddSingleton<CancelDesk>();
        services.AddSingleton<PressDesk>();
        services.AddSingleton<ForgetDesk>();
        services.AddSingleton<ExportDesk>();
        services.TryAddSingleton<ChatLanes>();
        services.AddSingleton<Admissions>();
        services.AddSingleton<AccessDesk>();
        services.AddSingleton<CommandMenu>();
        services.AddSingleton<BotIdentity>();
        services.AddSingleton<LastContact>();
        services.AddSingleton<GroupBursts>();
        services.AddSingleton<WaitingAlbums>();
        services.AddSingleton<StandingDesk>();
        services.AddSingleton<UpdateIntake>();
        services.AddSingleton<AnswerSender>();
        services.AddHostedService(provider => provider.GetRequiredService<AnswerSender>());
        return options.Webhook is null ? services.AddRunning<UpdatePoller>() : services.AddSingleton<WebhookReceiver>().AddRunning<WebhookKeeper>();
    }

    /// <summary>Maps <see cref="WebhookEndpoint.Path"/> where updates are taken by webhook.</summary>
    public static IEndpointRouteBuilder MapBot(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<WebhookReceiver>() is { } receiver) receiver.Map(routes);
        return routes;
    }

    private static IServiceCollection AddRunning<TService>(this IServiceCollection services)
        where TService : BackgroundService =>
        services.AddSingleton<TService>().AddHostedService(provider => provider.GetRequiredService<TService>());
}
