using System.Text.Json;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Models;
using Rafaga.Backend.Offline;
using Xunit;


namespace Rafaga.Backend.Tests.Offline;

public sealed class OfflineChatClientTests
{
    private static readonly TurnBuilder Burst = new TurnBuilder().Text("crea un evento Playa", "para la boda", "busca pizza").Photos(3);

    [Fact]
    public void It_says_what_it_is()
    {
        var model = Model.Create(new ModelOptions(), TimeProvider.System);
        var metadata = model.Client.GetService<ChatClientMetadata>();

        Assert.Equal(("offline", "offline-1"), (metadata?.ProviderName, metadata?.DefaultModelId));
        Assert.Equal(("offline", "offline-1", true), (model.Provider, model.Name, model.IsOffline));
    }

    [Fact]
    public async Task It_names_itself_in_every_response_and_counts_no_tokens()
    {
        var response = await AskAsync([User("hola")]);

        Assert.Equal(("offline-1", ChatFinishReason.Stop, 0L), (response.ModelId, response.FinishReason, response.Usage?.TotalTokenCount));
        Assert.Equal(ChatFinishReason.ToolCalls, (await AskAsync([User(Burst.Build().ToJsonString())])).FinishReason);
    }

    [Fact]
    public async Task The_same_messages_always_give_the_same_answer()
    {
        var first = await ToolLoop.RunAsync(Burst);
        var second = await ToolLoop.RunAsync(Burst);

        Assert.Equal(first.Reply, second.Reply);
        Assert.Equal(first.Script, second.Script);
        Assert.Equal(first.Calls.Select(call => call.CallId), second.Calls.Select(call => call.CallId));
        Assert.Equal(first.Calls.Count, first.Calls.Select(call => call.CallId).Distinct().Count());
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_a_run_changes_nothing()
    {
        var whole = await ToolLoop.RunAsync(Burst);
        for (var length = 2; length < whole.Messages.Count; length += 2)
        {
            // Through JSON, as a run that was stored and read again.
            var stored = JsonSerializer.Serialize(whole.Messages.Take(length).ToList(), AIJsonUtilities.DefaultOptions);
            var again = await AskAsync(JsonSerializer.Deserialize<List<ChatMessage>>(stored, AIJsonUtilities.DefaultOptions)!);

            Assert.Equal(
                whole.Messages[length].Contents.Select(content => content is FunctionCallContent call ? call.CallId : content.ToString()),
                again.Messages[0].Contents.Select(content => content is FunctionCallContent call ? call.CallId : content.ToString()));
        }
    }

    [Fact]
    public async Task It_calls_only_tools_that_are_offered()
    {
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => "", "create_event")] };

        var response = await AskAsync([User(Burst.Build().ToJsonString())], options);

        Assert.Equal(["create_event"], response.Messages[0].Contents.OfType<FunctionCallContent>().Select(call => call.Name));
    }

    [Fact]
    public async Task When_calls_are_forbidden_it_answers_and_claims_nothing()
    {
        var response = await AskAsync([User(Burst.Build().ToJsonString())], new ChatOptions { ToolMode = ChatToolMode.None });

        Assert.Empty(response.Messages[0].Contents.OfType<FunctionCallContent>());
        Assert.Contains("No he podido guardar las fotos 1, 2 y 3", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_got_no_result_is_not_made_again_and_not_claimed()
    {
        List<ChatMessage> messages = [User(new TurnBuilder().Photos(1).Build().ToJsonString())];
        messages.AddRange((await AskAsync(messages)).Messages);

        var response = await AskAsync(messages);

        Assert.StartsWith("No he podido guardar la foto", response.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":"no"}""")]
    [InlineData("""not json""")]
    [InlineData("""[]""")]
    [InlineData("""{}""")]
    [InlineData("""{"memory":7}""")]
    [InlineData(null)]
    public async Task A_result_that_confirms_nothing_counts_as_a_failure(string? result)
    {
        List<ChatMessage> messages = [User(new TurnBuilder().Photos(1).Build().ToJsonString())];
        messages.AddRange((await AskAsync(messages)).Messages);
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_2_1", result)]));

        Assert.StartsWith("No he podido guardar la foto", (await AskAsync(messages)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_gives_the_same_answer()
    {
        using var model = new OfflineChatClient();
        var streamed = await model.GetStreamingResponseAsync([User("hola")], cancellationToken: TestContext.Current.CancellationToken).ToChatResponseAsync(TestContext.Current.CancellationToken);

        Assert.Equal((await AskAsync([User("hola")])).Text, streamed.Text);
        Assert.Equal("offline-1", streamed.ModelId);
    }

    [Theory]
    [InlineData("hola")]
    [InlineData("{ not json")]
    [InlineData("""{"messages":null,"batch_photos":[null],"events":[null,{}],"history":[null]}""")]
    [InlineData("""{"messages":[null,{"text":"\ud800"}]}""")]
    [InlineData("")]
    public async Task Whatever_it_is_given_it_answers(string text) => Assert.NotEmpty((await AskAsync([User(text)])).Text);

    [Fact]
    public async Task Even_nothing_is_answered() => Assert.NotEmpty((await AskAsync([])).Text);

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static async Task<ChatResponse> AskAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        using var model = new OfflineChatClient();
        return await model.GetResponseAsync(messages, options, TestContext.Current.CancellationToken);
    }
}
