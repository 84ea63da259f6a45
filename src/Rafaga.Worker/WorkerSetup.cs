using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rafaga.Batching;
using Rafaga.Telegram;
using Rafaga.Worker.Replies;

namespace Rafaga.Worker;

/// <summary>Puts the worker role into a host.</summary>
public static class WorkerSetup
{
    /// <summary>Adds the worker. The application also registers the <see cref="Telegram.TelegramClient"/> and chooses the store.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public static BatchingBuilder<JsonElement> AddWorker(this IServiceCollection services, WorkerOptions options)
    {
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton<WorkerMetrics>();
        services.AddSingleton<BackendClient>();
        services.AddSingleton<Speech>();
        services.AddSingleton<TypingIndicator>();
        services.AddSingleton<ReceiptSign>();
        services.AddSingleton<BusyNotice>();
        services.AddSingleton<Apology>();
        // The bot of the same process takes turns with us.
        services.TryAddSingleton<ChatLanes>();
        services.AddSingleton<ChatSender>();
        services.AddSingleton<ReplySender>();
        return services.AddBatching<JsonElement>().WithHandler<DeliveryHandler>();
    }
}
