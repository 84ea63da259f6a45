using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rafaga.Bot.Commands;
using Rafaga.Bot.Intake;

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
        services.AddSingleton<UpdateIntake>();
        services.AddSingleton<AnswerSender>();
        services.AddSingleton<UpdatePoller>();
        services.AddHostedService(provider => provider.GetRequiredService<AnswerSender>());
        services.AddHostedService(provider => provider.GetRequiredService<UpdatePoller>());
        return services;
    }
}
