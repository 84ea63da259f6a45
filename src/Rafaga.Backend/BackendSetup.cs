using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Changing;
using Rafaga.Backend.Commands;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.DryRuns;
using Rafaga.Backend.Models;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Privacy;
using Rafaga.Backend.Reading;
using Rafaga.Backend.Store;

namespace Rafaga.Backend;

/// <summary>Puts the backend role into a web application.</summary>
public static class BackendSetup
{
    /// <summary>
    /// Adds the backend. The application also registers the models (<see cref="ModelRegistration"/>), the <see cref="Telegram.TelegramClient"/> that photos
    /// come from and the <see cref="SystemPrompt"/>.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    /// <exception cref="StoreUnusableException">The address of the database cannot be read.</exception>
    public static IServiceCollection AddBackend(this IServiceCollection services, BackendOptions options)
    {
        options.Validate();
        var address = StoreAddress.Parse(options.Database);
        services.AddSingleton(options);
        services.AddSingleton(address);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddPooledDbContextFactory<MemoryDb>((provider, builder) =>
        {
            address.Dialect.Configure(builder, address.ConnectionString);
            builder.ConfigureWarnings(warnings => warnings
                .Log((RelationalEventId.CommandExecuted, LogLevel.Debug))
                // The relations are for the order of inserts; no query goes along them.
                .Ignore(CoreEventId.PossibleIncorrectRequiredNavigationWithQueryFilterInteractionWarning));
            builder.AddInterceptors(provider.GetServices<IInterceptor>());
        });
        services.AddSingleton(provider => new Migrator(address, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<StoreStartup>();
        services.AddSingleton<Transactions>();
        services.AddSingleton<UuidSequence>();
        services.AddSingleton(new PhotoFolder(options.PhotosFolder));
        services.AddSingleton<PhotoFetcher>();
        services.AddSingleton<PhotoViews>();
        services.AddSingleton<PhotoDescriber>();
        services.AddSingleton<SeenBefore>();
        services.AddSingleton<PhotoSight>();
        services.AddSingleton<BackendMetrics>();
        services.AddSingleton<ModelCalls>();
        services.AddSingleton(provider => new BackendHealth(provider.GetRequiredService<IDbContextFactory<MemoryDb>>()));
        services.AddSingleton<AgentLoop>();
        services.AddSingleton<Correspondents>();
        services.AddSingleton<BatchLedger>();
        services.AddSingleton<TurnOpening>();
        services.AddSingleton<TurnThinking>();
        services.AddSingleton<TurnCommit>();
        services.AddSingleton<RunLog>();
        services.AddSingleton<ConversationSummary>();
        services.AddSingleton<BatchDelivery>();
        services.AddSingleton<DryRun>();
        services.AddSingleton<Undo>();
        services.AddSingleton<PhotoArchive>();
        services.AddSingleton<ErasureSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<ErasureSweep>());
        services.AddSingleton<PersonEraser>();
        services.AddSingleton<PersonExport>();
        services.AddSingleton<PersonCommands>();
        services.AddSingleton<MemoryReader>();
        services.AddSingleton<EventReader>();
        services.AddSingleton<Export>();
        services.AddSingleton<Edits>();
        services.AddSingleton<MemoryOrders>();
        services.AddSingleton<Members>();
        services.AddSingleton<OperatorChanges>();
        services.AddSingleton<SecondLook>();
        return services;
    }

    /// <summary>
    /// Maps <c>POST /webhook/batch</c>, <c>POST /webhook</c>, <c>POST /webhook/command</c>, <c>POST /webhook/language</c>, <c>POST /webhook/access</c>,
    /// <c>POST /webhook/export</c>, and for the operator
    /// <c>/api/memories</c>, <c>/api/events</c>, <c>/api/photos</c>, <c>/api/export</c>, <c>/api/runs</c> and <c>/api/batches/dry-run</c>.
    /// </summary>
    public static IEndpointRouteBuilder MapBackend(this IEndpointRouteBuilder routes)
    {
        BatchRoute.Map(routes);
        CommandRoute.Map(routes);
        LanguageRoute.Map(routes);
        ExportRoute.Map(routes);
        AccessRoute.Map(routes);
        var operators = routes.MapGroup("");
        operators.AddEndpointFilter<OperatorAccess>();
        ReadingRoutes.Map(operators);
        RunRoutes.Map(operators);
        DryRunRoute.Map(operators);
        OperatorChanges.Map(operators);
        SecondLook.Map(operators);
        return routes;
    }
}
