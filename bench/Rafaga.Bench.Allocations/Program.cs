using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Rafaga.Bench.Allocations;

// Arguments: those of BenchmarkDotNet. In this process, so that nothing is restored or built while it runs.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromTypes([typeof(Writing), typeof(Reading), typeof(Appending)]).Run(args, config);
