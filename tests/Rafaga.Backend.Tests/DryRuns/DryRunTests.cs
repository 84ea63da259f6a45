using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rafaga.Backend.Models;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.DryRuns;

/// <summary>A dry run tells what a batch would do, and leaves no trace of itself.</summary>
public abstract class DryRunTests(DatabaseKind database) : IDisposable
{
    private readonly ScriptedEyes _eyes = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _eyes.Dispose();
    }

    [Fact]
    public async Task It_tells_what_the_batch_would_do_and_writes_nothing()
    {
        await using var host = await StartAsync();
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Photo("photo1").Seal());
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(
                ("create_event", new { name = "Boda" }), ("add_memory", new { photo = "P1", @event = "E1", text = "el baile" }), ("update_memory", new { memory = "M1", text = "la tarta" }), ("share_event", new { @event = "E1" }))
            : ScriptedChatClient.Say("Guardé 1 foto. ¿Quién baila?"));
        var batch = ana.Text("Fue en la boda").Photo("photo2").Photo("photo3").Seal();

        var view = await UntouchedAsync(host, batch);

        Assert.StartsWith("Guardé 1 foto. ¿Quién baila?", Text(view, "reply"), StringComparison.Ordinal);
        Assert.Equal(("¿Quién baila?", 3, 1), (Text(view, "question"), view.GetProperty("messages").GetInt32(), view.GetProperty("saved_by_code").GetInt32()));
        Assert.Equal(
            [
                "event added 1 Boda", "invite added 1 Boda role=editor", "photo added 2", "memory added 1 P1 kind=photo event=Boda text=el baile image_description=A picture", "memory added 1 P2 kind=photo event=Boda image_description=A picture",
                "memory changed 1 text=la tarta", "question changed 1 ¿Qué me cuentas de ellas?", "question added 1 ¿Quién baila?", "conversation changed 1 current_event=Boda", "message added 3", "reply added 1", "description added 2", "run added 2",
            ],
            Changes(view));
        var (photos, agent) = (view.GetProperty("runs")[0], view.GetProperty("runs")[1]);
        Assert.Equal(("photos", "agent", "create_event"), (Text(photos, "purpose"), Text(agent, "purpose"), Text(agent.GetProperty("calls")[0], "tool")));
        Assert.Equal(2 * 700 + 2 * 100, view.GetProperty("total").GetProperty("input_tokens").GetInt32());
        Assert.True(view.GetProperty("total").GetProperty("cost_usd").GetDecimal() > 0);

        // The real delivery comes to the same, with nothing in its way.
        var reply = await host.ReplyAsync(batch);
        Assert.StartsWith("Guardé 1 foto. ¿Quién baila?", reply.Text, StringComparison.Ordinal);
        Assert.Equal((2, 1), (reply.Stats!.MemoriesAdded, reply.Stats.MemoriesUpdated));
    }

    [Fact]
    public async Task Of_somebody_who_never_wrote_it_leaves_no_trace_either()
    {
        await using var host = await StartAsync();
        var view = await UntouchedAsync(host, Chat.Luis().Text("hi").Photo("photo1").Seal());
        Assert.Equal("person added 1", Changes(view)[0]);
        Assert.Equal("Luis", host.Model.Requests[0].Context.GetProperty("person").GetProperty("name").GetString());
        Assert.Equal("en", _eyes.Requests.Single().Language);
    }

    [Fact]
    public async Task A_batch_that_is_done_is_tried_as_if_it_came_today_and_what_it_has_made_is_named()
    {
        await using var host = await StartAsync();
        var ana = Chat.Ana();
        var batch = ana.Photo("photo1", "Llegamos tarde", "A7").Photo("photo2", album: "A7").Seal();
        await host.ReplyAsync(batch);
        var made = await host.MemoriesAsync();
        await host.ReplyAsync(ana.Text("Otra cosa").Seal());
        var (downloads, looks) = (host.Telegram.Downloads, _eyes.Requests.Count);

        // The fence that it had is old by now, and its content another: neither is the operator's business.
        var view = await UntouchedAsync(host, batch with { Attempt = 7, SealedAt = batch.SealedAt.AddSeconds(3) });

        Assert.Equal(0, view.GetProperty("left_out").GetInt32());
        Assert.Equal(made.Select(memory => Text(memory, "id")), view.GetProperty("changes").EnumerateArray().Where(change => Text(change, "row") == "memory").Select(change => Text(change, "exists")));
        Assert.DoesNotContain(Changes(view), change => change.StartsWith("photo", StringComparison.Ordinal) || change.StartsWith("description", StringComparison.Ordinal));
        // Its photos are known, and need neither travel nor be looked at again.
        Assert.Equal((downloads, looks), (host.Telegram.Downloads, _eyes.Requests.Count));
        var context = host.Model.Requests[^1].Context;
        Assert.Equal(["Otra cosa", "Guardé 0 fotos. ¿Qué me cuentas de ellas?"], context.GetProperty("history").EnumerateArray().Select(said => Text(said, "text")));
        Assert.Equal(2, context.GetProperty("batch_photos").GetArrayLength());
    }

    [Fact]
    public async Task The_answer_to_a_question_is_tried_as_an_answer_even_after_it_was_given()
    {
        await using var host = await StartAsync();
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Photo("photo1").Seal());
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = "la boda", mode = "replace" })) : ScriptedChatClient.Say("Anotado."));
        var answer = ana.Text("la boda").Seal();
        await host.ReplyAsync(answer);

        var view = await UntouchedAsync(host, answer);

        Assert.Equal("¿Qué me cuentas de ellas?", Text(host.Model.Requests[^1].Context.GetProperty("pending_question"), "text"));
        // The words are there already: nothing would change.
        Assert.DoesNotContain(Changes(view), change => change.StartsWith("memory", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ModelFault.Blocked, "The key is refused.", HttpStatusCode.ServiceUnavailable)]
    [InlineData(ModelFault.RateLimited, "The model is busy.", HttpStatusCode.ServiceUnavailable)]
    [InlineData(ModelFault.Rejected, "The model refuses this batch.", HttpStatusCode.UnprocessableEntity)]
    internal async Task A_fault_of_the_model_is_one_clear_line(ModelFault fault, string line, HttpStatusCode status)
    {
        await using var host = await StartAsync();
        host.Model.Answers(_ => throw new ModelException(fault, line, TimeSpan.FromSeconds(5)));
        var before = await TracesAsync(host);
        Assert.Equal((status, line), await RefusalAsync(host, Chat.Ana().Text("hola").Photo("photo1").Seal()));
        Assert.Equal(before, await TracesAsync(host));
    }

    [Fact]
    public async Task A_photo_that_does_not_come_and_a_person_who_is_forgotten_are_clear_lines_too()
    {
        await using var host = await StartAsync();
        host.Telegram.Break("photo9", 502, "Bad Gateway");
        var ana = Chat.Ana();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "A photo could not be downloaded now."), await RefusalAsync(host, ana.Photo("photo9").Seal()));

        var batch = ana.Text("hola").Seal();
        await host.ReplyAsync(batch);
        await host.TellAsync(ana.Command(PersonCommand.Forget, batch.SealedAt.AddMinutes(1).ToString("O")));
        await host.SweptAsync();
        var (status, line) = await RefusalAsync(host, batch);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("everything erased", line, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "The body is not a batch in JSON."), await RefusalAsync(host, "nonsense"u8.ToArray()));
    }

    [Fact]
    public async Task It_is_not_counted_into_the_day_and_refused_when_the_day_is_used_up()
    {
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings { Limits = (400_000, 0.5m, 150, null) });
        var ana = Chat.Ana();
        var batch = ana.Text("hola").Seal();
        for (var i = 0; i < 3; i++) await UntouchedAsync(host, batch);
        await host.ReplyAsync(batch);
        await host.ReplyAsync(ana.Text("otra").Seal());
        var asked = host.Model.Requests.Count;

        var (status, line) = await RefusalAsync(host, batch);

        Assert.Equal((HttpStatusCode.TooManyRequests, asked), (status, host.Model.Requests.Count));
        Assert.Contains("RAFAGA__AGENT__DAILYTOKENS", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_whoever_waits_for_it_and_leaves_nothing()
    {
        await using var host = await StartAsync();
        var before = await TracesAsync(host);
        var (waiting, goOn) = host.HoldModel();
        using var patience = new CancellationTokenSource();
        var asked = host.Http.PostAsJsonAsync(BatchEndpoint.DryRunPath, Chat.Ana().Photo("photo1").Seal(), ContractsJson.Default.BatchRequest, patience.Token);
        await waiting;

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Eventually.TrueAsync(() => Task.FromResult(host.Log.ToString()!.Contains("dry run came to nothing: Nobody waits for it any more.", StringComparison.Ordinal)), "the dry run is given up");
        Assert.Equal(before, await TracesAsync(host));
        goOn();
        Assert.Single(host.Model.Requests);
    }

    [Fact]
    public async Task It_does_not_hold_up_a_backend_that_is_told_to_end()
    {
        await using var host = await StartAsync();
        var (waiting, goOn) = host.HoldModel();
        var refused = RefusalAsync(host, Chat.Ana().Photo("photo1").Seal());
        await waiting;

        await host.StopAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The backend is stopping."), await refused);
        goOn();
    }

    private Task<BackendHost> StartAsync()
    {
        _eyes.Script = (_, _) => Task.FromResult(ScriptedEyes.Say("A picture"));
        return BackendHost.StartAsync(database, new BackendHost.Settings { Eyes = _eyes, SimilarBits = 0, MaxImages = 5 });
    }

    // What a dry run answers, having seen that it left database and photos as they were.
    private static async Task<JsonElement> UntouchedAsync(BackendHost host, BatchRequest batch)
    {
        var before = await TracesAsync(host);
        using var response = await host.Http.PostAsJsonAsync(BatchEndpoint.DryRunPath, batch, ContractsJson.Default.BatchRequest, Token);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {await response.Content.ReadAsStringAsync(Token)}\n{host.Log}");
        Assert.Equal(before, await TracesAsync(host));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static Task<(HttpStatusCode Status, string? Line)> RefusalAsync(BackendHost host, BatchRequest batch) =>
        RefusalAsync(host, JsonSerializer.SerializeToUtf8Bytes(batch, ContractsJson.Default.BatchRequest));

    private static async Task<(HttpStatusCode Status, string? Line)> RefusalAsync(BackendHost host, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var response = await host.Http.PostAsync(BatchEndpoint.DryRunPath, content, Token);
        return (response.StatusCode, Text(await response.Content.ReadFromJsonAsync<JsonElement>(Token), "error"));
    }

    // Every row of every table, and every file.
    private static async Task<IReadOnlyList<string>> TracesAsync(BackendHost host) =>
    [
        .. await host.Database.DumpAsync(),
        .. Directory.EnumerateFileSystemEntries(host.PhotosFolder, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "incoming").Order(StringComparer.Ordinal),
    ];

    private static List<string> Changes(JsonElement view) =>
    [
        .. view.GetProperty("changes").EnumerateArray().Select(change => string.Join(
            ' ',
            [$"{Text(change, "row")} {Text(change, "change")} {change.GetProperty("count").GetInt32()}", .. Text(change, "name") is { } name ? [name] : Array.Empty<string>(),
            .. change.GetProperty("fields").EnumerateArray().Select(field => $"{Text(field, "field")}={Text(field, "new")}")])),
    ];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
