using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>One process for the tests of a class; each of them is a person of its own.</summary>
public sealed class SharedRafaga : IAsyncLifetime
{
    internal RafagaProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await RafagaProcess.StartAsync();

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
