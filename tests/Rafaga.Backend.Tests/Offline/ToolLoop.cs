using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Offline;
using Xunit;


namespace Rafaga.Backend.Tests.Offline;

/// <summary>The agent's loop at its smallest: ask the model, carry out its calls, ask again, at most four times.</summary>
internal sealed record ToolLoop(string Reply, IReadOnlyList<FunctionCallContent> Calls, FakeTools Tools, IReadOnlyList<ChatMessage> Messages)
{
    public static Task<ToolLoop> RunAsync(TurnBuilder turn, params string[] failing) => RunAsync(turn.Build(), failing);

    public static async Task<ToolLoop> RunAsync(JsonObject turn, params string[] failing)
    {
        var tools = new FakeTools(turn);
        return await RunAsync(turn, tools, failing);
    }

    public static async Task<ToolLoop> RunAsync(JsonObject turn, FakeTools tools, params string[] failing)
    {
        tools.Failing.UnionWith(failing);
        var messages = new List<ChatMessage> { new(ChatRole.System, "Instructions"), new(ChatRole.User, turn.ToJsonString()) };
        var made = new List<FunctionCallContent>();
        for (var round = 0; round < 4; round++)
        {
            // A new client each time: nothing may be remembered between two calls.
            using var model = new OfflineChatClient();
            var response = await model.GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken);
            messages.AddRange(response.Messages);
            var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0) return new ToolLoop(response.Text, made, tools, messages);
            made.AddRange(calls);
            messages.Add(new ChatMessage(ChatRole.Tool, [.. calls.Select(call => new FunctionResultContent(call.CallId, tools.Answer(call)))]));
        }

        throw new InvalidOperationException("The model did not answer within four rounds.");
    }

    /// <summary>The calls in a form that reads well in an assertion.</summary>
    public IReadOnlyList<string> Script => [.. Calls.Select(call => $"{call.Name}({string.Join(", ", call.Arguments!.Select(argument => $"{argument.Key}: {argument.Value}"))})")];
}
