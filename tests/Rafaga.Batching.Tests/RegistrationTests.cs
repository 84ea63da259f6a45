using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rafaga.Batching.Sqlite;
using Rafaga.Batching.Stores;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests;

public sealed partial class RegistrationTests
{
    [Fact]
    public void Without_a_store_the_message_tells_how_to_choose_one()
    {
        using var services = Services(_ => { }).BuildServiceProvider();
        var fault = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<IBatcher<string>>());
        Assert.Contains(".UseSqlite(", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sqlite_store_is_store_and_inspector_in_one()
    {
        using var folder = new TemporaryFolder();
        await using var services = Services(batching => batching.UseSqlite(folder.File("queue.db"))).BuildServiceProvider();
        Assert.IsType<SqliteBatchStore>(services.GetRequiredService<IBatchStore>());
        Assert.Same(services.GetRequiredService<IBatchStore>(), services.GetRequiredService<IBatchInspector>());
    }

    [Fact]
    public void The_last_chosen_store_wins()
    {
        using var services = Services(batching => batching.UseSqlite("/nowhere/queue.db").UseInMemory()).BuildServiceProvider();
        Assert.IsType<InMemoryBatchStore>(services.GetRequiredService<IBatchStore>());
    }

    [Fact]
    public async Task A_host_with_a_file_that_cannot_be_used_does_not_start()
    {
        using var folder = new TemporaryFolder();
        var builder = QuietBuilder();
        builder.Services.AddBatching<string>().UseSqlite(folder.Path).WithHandler<Handler>();
        await Assert.ThrowsAsync<BatchStoreException>(async () =>
        {
            using var host = builder.Build();
            await host.StartAsync(TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task A_host_with_wrong_options_does_not_start_and_names_each()
    {
        var builder = QuietBuilder();
        builder.Services.AddBatching<string>(options =>
        {
            options.MaxMessages = 0;
            options.MaxWait = TimeSpan.FromSeconds(1);
        }).UseInMemory().WithHandler<Handler>();
        using var host = builder.Build();
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("MaxMessages", fault.Message, StringComparison.Ordinal);
        Assert.Contains("MaxWait (00:00:01) must not be shorter than QuietPeriod (00:00:12.5000000).", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_larger_than_a_batch_may_be_is_refused_with_its_size()
    {
        await using var services = Services(batching => batching.UseInMemory()).BuildServiceProvider();
        var fault = await Assert.ThrowsAsync<MessageTooLargeException>(() => services.GetRequiredService<IBatcher<string>>()
            .AppendAsync(new ConversationId("ana"), new Message<string>("m1", new string('a', 256 * 1024)), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal("Message m1 has 262146 bytes; the limit (MaxBytes) is 262144.", fault.Message);
    }

    [Fact]
    public async Task Bodies_are_written_by_generated_code_when_that_is_chosen()
    {
        await using var services = new ServiceCollection().AddLogging()
            .AddBatching<Note>().UseInMemory().WithJson(NoteJson.Default.Note).Services.BuildServiceProvider();
        var id = (await services.GetRequiredService<IBatcher<Note>>()
            .AppendAsync(new ConversationId("ana"), new Message<Note>("m1", new Note("hola")), TestContext.Current.CancellationToken)).BatchId!.Value;
        var batch = await services.GetRequiredService<IBatchInspector>().FindAsync(id, TestContext.Current.CancellationToken);
        Assert.Equal("{\"note_text\":\"hola\"}"u8.ToArray(), batch!.Messages[0].Message.Body.ToArray());
    }

    private static HostApplicationBuilder QuietBuilder()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        return builder;
    }

    private static ServiceCollection Services(Action<BatchingBuilder<string>> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        configure(services.AddBatching<string>());
        return services;
    }

    internal sealed record Note(string NoteText);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Note))]
    internal sealed partial class NoteJson : JsonSerializerContext;

    private sealed class Handler : IBatchHandler<string>
    {
        public Task HandleAsync(Batch<string> batch, BatchContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
