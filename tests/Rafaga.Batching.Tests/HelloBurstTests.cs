using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests;

public sealed class HelloBurstTests
{
    [Fact]
    public async Task The_sample_prints_one_batch_of_three_and_ends_each_time_it_is_run()
    {
        using var folder = new TemporaryFolder();
        for (var run = 0; run < 2; run++)
        {
            using var sample = BuiltProgram.Start("HelloBurst", folder.File("hello/queue.db"));
            var output = await sample.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await sample.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal("3 messages -> 1 batch: Hola / Mira estas fotos / Son de ayer", output.Trim());
            Assert.Equal(0, sample.ExitCode);
        }
    }
}
