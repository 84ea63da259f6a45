using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services
    .AddBatching<string>(options => options.QuietPeriod = TimeSpan.FromSeconds(1))
    .UseSqlite(args.FirstOrDefault("data/hello-burst.db"))
    .WithHandler<PrintBatch>();

using var host = builder.Build();
await host.StartAsync();

var batcher = host.Services.GetRequiredService<IBatcher<string>>();
var now = TimeProvider.System.GetUtcNow();
foreach (var text in new[] { "Hola", "Mira estas fotos", "Son de ayer" })
    await batcher.AppendAsync(new ConversationId("ana"), new Message<string>(Id: Guid.CreateVersion7(now).ToString(), Body: text));

await host.WaitForShutdownAsync();

internal sealed class PrintBatch(IHostApplicationLifetime host) : IBatchHandler<string>
{
    public Task HandleAsync(Batch<string> batch, BatchContext context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{batch.Messages.Count} messages -> 1 batch: {string.Join(" / ", batch.Messages.Select(message => message.Body))}");
        host.StopApplication();
        return Task.CompletedTask;
    }
}
