using Rafaga.Bench;
using Rafaga.Bench.Ours;
using Rafaga.Bench.Peers;

// Arguments: [--quick] [--readme] [--only NAME…] FOLDER, which is bench/. "hold URL" is the process that the recovery measure kills.
if (args is [Recovery.HolderArgument, var url])
{
    await Recovery.HoldAsync(url);
    return;
}

var size = args.Contains("--quick") ? Size.Quick : Size.Full;
var only = args.Contains("--only") ? args.SkipWhile(argument => argument != "--only").Skip(1).SkipLast(1).ToHashSet() : null;
var figures = new Figures();
await using var rig = await Rig.StartAsync();
await using var bullMq = BullMq.Start(rig, args[^1]);

for (var round = 1; round <= size.Rounds; round++)
{
    await StepAsync($"ceiling, round {round} of {size.Rounds}", () => Ceiling.RunAsync(rig, size, figures));
    await StepAsync("append", () => Appends.RunAsync(rig, size, figures));
    await StepAsync("claim and complete", () => Drain.RunAsync(rig, size, figures));
    await StepAsync("bullmq", () => bullMq.RunAsync(rig, size, figures));
    await StepAsync("sqlite", () => SqliteAppends.RunAsync(size, figures));
}

await StepAsync("footprint", () => Footprint.RunAsync(rig, figures));
await StepAsync("allocations", () => Appends.MeasureBytesAsync(rig, size, figures));
await StepAsync("idle", () => IdleWorker.RunAsync(rig, size, figures));
await StepAsync("lateness", () => Lateness.RunAsync(rig, size, figures));
await StepAsync("lateness with windows behind", () => Lateness.RunWithWindowsBehindAsync(rig, size, figures));
await StepAsync("lateness in memory", () => Lateness.RunInMemoryAsync(size, figures));
await StepAsync("lateness of bullmq", () => bullMq.RunLatenessAsync(size, figures));
await StepAsync("lateness of masstransit", () => MassTransitBatch.RunAsync(size, figures));
await StepAsync("recovery", () => Recovery.RunAsync(rig, figures));

var table = $"{await Machine.DescribeAsync(rig, bullMq)}{(size == Size.Quick ? " A quick run: a look, no figure to quote." : "")}\n\n{new Report(figures).Write()}";
Console.WriteLine();
Console.WriteLine(table);
if (args.Contains("--readme")) await Machine.PutAsync(Path.Combine(args[^1], "README.md"), table);

async Task StepAsync(string name, Func<Task> measure)
{
    if (only?.Any(word => name.StartsWith(word, StringComparison.Ordinal)) == false) return;
    Console.WriteLine(name);
    await rig.EmptyAsync();
    await measure();
}
