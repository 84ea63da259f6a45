using System.Text.Json;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Agent;

public abstract class HostileModelTests(DatabaseKind database)
{
    public static TheoryData<string, string> RefusedCalls() => new()
    {
        { "drop_tables", "{}" },
        { "ADD_MEMORY", """{"photo":"P1"}""" },
        { "add_memory", "{}" },
        { "add_memory", """{"photo":"P9"}""" },
        { "add_memory", """{"photo":"uphoto1"}""" },
        { "add_memory", """{"photo":["P1"]}""" },
        { "add_memory", """{"photo":"P1","owner":"1002"}""" },
        { "add_memory", """{"photo":"P1","event":"E1"}""" },
        { "add_memory", """{"photo":"P1","event":"' OR 1=1 --"}""" },
        { "update_memory", """{"memory":"M1","text":"x"}""" },
        { "update_memory", """{"memory":"M1"}""" },
        { "update_memory", """{"memory":"M1","text":"x","mode":"erase"}""" },
        { "update_memory", """{"memory":"M1","text":"x","expected_revision":"1"}""" },
        { "create_event", """{"name":""}""" },
        { "create_event", """{"name":"..."}""" },
        { "create_event", """{"name":"Boda","date":"mañana"}""" },
        { "create_event", """{"name":{"$gt":""}}""" },
        { "list_memories", """{"limit":0}""" },
        { "list_memories", """{"limit":1e9}""" },
        { "list_memories", """{"event":"E1"}""" },
        { "search_memories", "{}" },
        { "search_memories", """{"query":"***"}""" },
        { "list_events", """{"person":"Ana"}""" },
        { "create_event", """{"name":"\ud800"}""" },
    };

    [Theory]
    [MemberData(nameof(RefusedCalls))]
    public async Task A_call_that_is_not_allowed_comes_back_as_an_error_and_has_no_effect(string tool, string arguments)
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0
            ? new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", tool, Arguments(arguments))])
            : ScriptedChatClient.Say("Bien."));
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());

        var result = Assert.Single(host.Model.Requests[1].Messages[^1].Contents.OfType<FunctionResultContent>());
        Assert.NotNull(result.Exception);
        Assert.False(string.IsNullOrEmpty(((JsonElement)result.Result!).GetProperty("error").GetString()));
        Assert.Empty((await host.GetAsync("/api/events")).GetProperty("events").EnumerateArray());
        var memory = Assert.Single(await host.MemoriesAsync());
        Assert.Equal(JsonValueKind.Null, memory.GetProperty("text").ValueKind);
        Assert.Equal(1, memory.GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task Full_text_operators_and_quotes_in_a_search_are_words_and_nothing_else()
    {
        await using var host = await BackendHost.StartAsync(database);
        string[] queries = ["\" OR text:*", "NEAR(a b)", "a AND NOT b", "x'); DROP TABLE memories; --", "{text image_description} : a", "^a"];
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls([.. queries.Select(query => ("search_memories", (object)new { query }))])
            : ScriptedChatClient.Say("Nada."));
        await host.ReplyAsync(Chat.Ana().Text("busca").Seal());

        Assert.All(host.Model.Requests[1].Results, result => Assert.Empty(result.GetProperty("memories").EnumerateArray()));
        Assert.Equal(queries.Length, host.Model.Requests[1].Results.Count);
    }

    [Fact]
    public async Task Ten_megabytes_of_text_are_refused()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1", text = new string('x', 10_000_000) }))
            : ScriptedChatClient.Say(new string('y', 10_000_000)));
        var reply = await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());

        Assert.Contains("at most", host.Model.Requests[1].Results[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.InRange(reply.Text!.Length, 1, 13_000);
        Assert.Single(await host.MemoriesAsync());
    }

    [Fact]
    public async Task Endless_calls_end_at_the_limit_of_calls_and_code_finishes_the_turn()
    {
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings(MaxToolCalls: 20));
        host.Model.Answers(_ => ScriptedChatClient.Calls([.. Enumerable.Range(0, 1000).Select(i => ("create_event", (object)new { name = $"Evento {i}" }))]));
        var reply = await host.ReplyAsync(Chat.Ana().Photo("photo1").Photo("photo2").Seal());

        Assert.Equal(20, reply.Stats!.ToolCalls);
        Assert.Equal(1, reply.Stats.ModelCalls);
        Assert.Equal(2, reply.Stats.MemoriesAdded);
        Assert.Contains("Guardé 2 fotos.", reply.Text, StringComparison.Ordinal);
        Assert.Equal(10, (await host.GetAsync("/api/events")).GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Endless_rounds_end_at_the_limit_of_rounds_and_every_call_was_answered()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(_ => ScriptedChatClient.Calls(("list_events", new { }), ("list_events", new { })));
        var reply = await host.ReplyAsync(Chat.Luis().Photo("photo1").Seal());

        Assert.Equal(6, host.Model.Requests.Count);
        Assert.Equal("I saved 1 photo.", reply.Text);
        Assert.All(host.Model.Requests.Skip(1), asked => Assert.Equal(2, asked.Results.Count));
    }

    [Fact]
    public async Task A_model_that_never_answers_is_given_up_at_the_limit_of_time_and_the_photos_are_saved()
    {
        await using var host = await BackendHost.StartAsync(database);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Model.Script = async (_, _) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            return ScriptedChatClient.Say("too late");
        };
        var post = host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());
        await asked.Task;
        host.Time.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal("Guardé 1 foto.", (await post).Text);
    }

    [Fact]
    public async Task A_photo_added_twice_is_one_memory_and_the_second_call_is_given_the_first()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1", text = "una" }), ("add_memory", new { photo = "p1", text = "otra" }), ("add_memory", new { photo = "P1" }))
            : ScriptedChatClient.Say("Guardé 1 foto."));
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());

        Assert.All(host.Model.Requests[1].Results, result => Assert.Equal("M1", result.GetProperty("memory").GetString()));
        Assert.Equal("una", Assert.Single(await host.MemoriesAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Invisible_and_control_characters_are_not_stored_and_not_sent()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1", text = "ho\u0000la\U000E0041\U000E0042 👨‍👩‍👧" }))
            : ScriptedChatClient.Say("Guardé 1 foto.\u0007"));
        var reply = await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());

        Assert.Equal("hola 👨‍👩‍👧", Assert.Single(await host.MemoriesAsync()).GetProperty("text").GetString());
        Assert.Equal("Guardé 1 foto.", reply.Text);
    }

    [Fact]
    public async Task Logs_hold_no_texts_names_or_tool_names_that_the_model_made_up()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("canary-tool", new { }), ("add_memory", new { photo = "P1", text = "canary-text" }), ("create_event", new { name = "canary-event" }))
            : ScriptedChatClient.Say("canary-reply"));
        await host.ReplyAsync(Chat.Ana().Text("canary-message").Photo("photo1", "canary-caption").Seal("b-1"));

        var log = host.Log.ToString();
        Assert.DoesNotContain("canary", log, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeTelegram.Token, log, StringComparison.Ordinal);
        Assert.Contains("[BATCH] b-1 done: 2 messages, 1 files", log, StringComparison.Ordinal);
        Assert.Contains("[TOOL] b-1 add_memory: ok", log, StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> Arguments(string json) =>
        JsonDocument.Parse(json).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value);
}
