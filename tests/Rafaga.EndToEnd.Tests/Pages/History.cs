using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Testing;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>Writes a past into the queue of an instance that is not running: batches that went well, that wait, and that are dead.</summary>
internal sealed class History : IAsyncDisposable
{
    public const long BotId = 1000000001;

    private readonly ServiceProvider _services;
    private readonly IBatchStore _store;
    private long _messages = 70_000;

    private History(string dataFolder, DateTimeOffset start)
    {
        Time = new ManualTimeProvider(start);
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time);
        services.AddBatching<JsonElement>(options => options.MaxAttempts = 3).UseSqlite(Path.Combine(dataFolder, "queue.db"));
        _services = services.BuildServiceProvider();
        _store = _services.GetRequiredService<IBatchStore>();
    }

    public ManualTimeProvider Time { get; }

    public static History In(RafagaProcess rafaga, TimeSpan ago) => new(rafaga.DataFolder, TimeProvider.System.GetUtcNow() - ago);

    /// <summary>A burst of texts, two seconds apart, that closes by itself.</summary>
    public async Task<Batch> BurstAsync(string name, long chat, params string[] texts)
    {
        foreach (var text in texts)
        {
            await _store.AppendAsync(Conversation(chat), Message(new JsonObject { ["text"] = text }, name, chat));
            Time.Advance(TimeSpan.FromSeconds(2));
        }

        Time.Advance(TimeSpan.FromSeconds(10.6));
        return await LastAsync(chat);
    }

    public async Task<Batch> RawAsync(string id, long chat, JsonObject update)
    {
        await _store.AppendAsync(Conversation(chat), new Message(id, Encoding.UTF8.GetBytes(update.ToJsonString())));
        Time.Advance(TimeSpan.FromSeconds(12.6));
        return await LastAsync(chat);
    }

    /// <summary>Delivers what is due: the attempts, and then the end.</summary>
    public async Task DeliverAsync(Batch batch, string? error, params DeliveryAttempt[] attempts)
    {
        var note = new DeliveryNote();
        foreach (var (number, attempt) in attempts.Index())
        {
            var lease = (await _store.ClaimAsync(1)).Batches.Single().Lease;
            Time.Advance(TimeSpan.FromMilliseconds(attempt.Milliseconds ?? 0));
            note = note.With(attempt with { Number = number + 1, At = Time.GetUtcNow().AddMilliseconds(-attempt.Milliseconds ?? 0) });
            if (number < attempts.Length - 1)
            {
                await _store.SaveProgressAsync(lease, note.Write());
                await _store.RetryAsync(lease, TimeSpan.FromSeconds(4 * (number + 1)), attempt.Error!);
                Time.Advance(TimeSpan.FromSeconds((4 * (number + 1)) + 0.1));
            }
            else if (error is null)
            {
                await _store.SaveProgressAsync(lease, note.WithSent(4711).Write());
                Time.Advance(TimeSpan.FromMilliseconds(90));
                await _store.CompleteAsync(lease);
            }
            else
            {
                await _store.SaveProgressAsync(lease, (note with { ToldAt = Time.GetUtcNow() }).Write());
                await _store.BuryAsync(lease, error);
            }
        }

        Time.Advance(TimeSpan.FromSeconds(20));
    }

    public static DeliveryAttempt Good(Batch batch, string reply) => new(1, default)
    {
        Milliseconds = 640,
        Status = 200,
        Answer = JsonSerializer.Serialize(new BatchReply(batch.Id.Value, BatchStatus.Done, reply), ContractsJson.Default.BatchReply),
    };

    public static DeliveryAttempt Bad(int status, string error, string? answer = null) => new(1, default) { Milliseconds = 320, Status = status, Error = error, Answer = answer };

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    private static ConversationId Conversation(long chat) => new(new ConversationKey(BotId, chat, 0, chat).ToString());

    private Message Message(JsonObject content, string name, long chat)
    {
        var id = ++_messages;
        content["message_id"] = id;
        content["date"] = Time.GetUtcNow().ToUnixTimeSeconds();
        content["chat"] = new JsonObject { ["id"] = chat, ["type"] = "private", ["first_name"] = name };
        content["from"] = new JsonObject { ["id"] = chat, ["is_bot"] = false, ["first_name"] = name, ["language_code"] = "es" };
        return new Message(id.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(new JsonObject { ["update_id"] = id, ["message"] = content }.ToJsonString()));
    }

    private async Task<Batch> LastAsync(long chat)
    {
        var inspector = (IBatchInspector)_store;
        var page = await inspector.ListAsync(new BatchQuery { Conversation = Conversation(chat), Limit = 1 });
        return (await inspector.FindAsync(page.Batches[0].Id))!;
    }
}
