using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rafaga.Batching;
using Rafaga.CrashTarget;

// One of the processes that are killed: it appends, or it works on batches, and says on its output what it does. It ends by itself when its input ends.
// Arguments: "write", store, prefix of the message ids, then for each conversation the number to begin with;
//        or: "work", store, file of the effects. A store is a redis:// URL or the path of a SQLite file.
var (role, store) = (args[0], args[1]);
var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddSingleton(TimeProvider.System).AddSingleton(new Random(Environment.ProcessId));
var batching = builder.Services.AddBatching<string>(Target.Configure);
if (store.StartsWith("redis://", StringComparison.Ordinal)) batching.UseRedis(store);
else batching.UseSqlite(store);

using var stopping = new CancellationTokenSource();
_ = Task.Run(async () =>
{
    await Console.In.ReadToEndAsync();
    await stopping.CancelAsync();
});

if (role == "write")
{
    await using var services = builder.Services.BuildServiceProvider();
    Target.Say($"ready");
    await ActivatorUtilities.CreateInstance<Writer>(services, args[2]).WriteAsync([.. args[3..].Select(Target.Number)], stopping.Token);
}
else
{
    builder.Services.AddSingleton(new EffectFile(args[2]));
    batching.WithHandler<EffectHandler>();
    using var host = builder.Build();
    await host.StartAsync();
    Target.Say($"ready");
    await host.WaitForShutdownAsync(stopping.Token);
}
