using System.Globalization;
using Rafaga.Batching;
using Rafaga.Batching.Redis;

namespace Rafaga.Bench.Ours;

/// <summary>Messages of many conversations over one connection: at an even pace, and when a crowd waits.</summary>
internal static class Appends
{
    private const int Crowd = 4096;

    public static async Task RunAsync(Rig rig, Size size, Figures figures)
    {
        await using var store = await rig.OpenStoreAsync();
        figures.Add(Figure.AppendServer, await rig.ServerTimeAsync(size.Messages, async () =>
            figures.Add(Figure.Append, await RateAsync(store, Rig.Tasks, size.Messages, size.Conversations))));
        await rig.EmptyAsync();
        figures.Add(Figure.AppendCrowdServer, await rig.ServerTimeAsync(size.Messages, async () =>
            figures.Add(Figure.AppendCrowd, await RateAsync(store, Crowd, size.Messages, size.Conversations))));
    }

    /// <summary>What an append allocates in this process; ids, conversations and bodies are the caller's.</summary>
    public static async Task MeasureBytesAsync(Rig rig, Size size, Figures figures)
    {
        await using var store = await rig.OpenStoreAsync();
        var messages = Messages(size.Messages, size.Conversations);
        await Load.RateAsync(Rig.Tasks, messages.Length / 2, number => AppendAsync(store, messages[number]));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Load.RateAsync(Rig.Tasks, messages.Length / 2, number => AppendAsync(store, messages[(messages.Length / 2) + number]));
        figures.Add(Figure.AppendBytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / (messages.Length / 2.0));
    }

    /// <summary>So many messages, spread over the conversations; message after message of each.</summary>
    public static async Task<double> RateAsync(RedisBatchStore store, int tasks, int count, int of)
    {
        var messages = Messages(count, of);
        return await Load.RateAsync(tasks, count, number => AppendAsync(store, messages[number]));
    }

    private static (ConversationId Conversation, Message Message)[] Messages(int count, int of)
    {
        var conversations = Enumerable.Range(0, of).Select(Rig.Conversation).ToArray();
        return [.. Enumerable.Range(0, count).Select(number =>
            (conversations[number % conversations.Length], new Message(string.Create(CultureInfo.InvariantCulture, $"m{100 + (number / conversations.Length)}"), Rig.Body)))];
    }

    private static async ValueTask AppendAsync(RedisBatchStore store, (ConversationId Conversation, Message Message) next)
    {
        var result = await store.AppendAsync(next.Conversation, next.Message);
        if (result.Duplicate) throw new InvalidOperationException("A message was taken for a known one.");
    }
}
