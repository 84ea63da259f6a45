using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Telegram.Tests.Pictures;
using Rafaga.Telegram.Tests.Simulator;

namespace Rafaga.Telegram.Tests.Faults;

/// <summary>Calls that go wrong as they are told to.</summary>
public sealed class CallFaultTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("sendMessage")]
    [InlineData("getUpdates")]
    [InlineData("getFile")]
    public async Task A_429_says_how_long_to_wait_in_body_and_header(string method)
    {
        _host.People.Faults.Add(new Fault(FaultKind.TooManyRequests) { Method = method, Times = 2, RetryAfter = 35 });
        for (var i = 0; i < 2; i++)
        {
            var response = await _host.Http.GetAsync($"/bot{SimulatorHost.Token}/{method.ToUpperInvariant()}?chat_id=1001&text=x", Cancellation);
            Assert.Equal((HttpStatusCode)429, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(35), response.Headers.RetryAfter!.Delta);
            Assert.Equal(
                """{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}""", await response.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.NotEqual(429, (await _host.ErrorAsync(method, new { chat_id = 1001, text = "x" })).Code);
        Assert.Equal(method == "sendMessage" ? 1 : 0, _host.People.Messages(_host.Ana).Count);
    }

    [Fact]
    public async Task An_error_has_the_code_and_words_that_were_asked_for()
    {
        _host.People.Faults.Add(new Fault(FaultKind.Error) { Method = "getFile", Code = 400, Description = "Bad Request: wrong file_id or the file is temporarily unavailable" });
        _host.People.Faults.Add(new Fault(FaultKind.Error));
        Assert.Equal((500, "Internal Server Error"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "x" }));
        Assert.Equal((400, "Bad Request: wrong file_id or the file is temporarily unavailable"), await _host.ErrorAsync("getFile", new { file_id = "x" }));
        Assert.Empty(_host.People.Messages(_host.Ana));
    }

    [Fact]
    public async Task A_gateway_answers_with_html()
    {
        _host.People.Faults.Add(new Fault(FaultKind.BadGateway));
        var e = await Assert.ThrowsAsync<TelegramException>(() => _host.Bot.SendMessageAsync(1001, "x", null, Cancellation));
        Assert.Equal((502, "the answer is not Bot API JSON", true), (e.ErrorCode, e.Description, e.OutcomeUnknown));
        Assert.Empty(_host.People.Messages(_host.Ana));
    }

    [Theory]
    [InlineData(FaultKind.CutAfter, 1)]
    [InlineData(FaultKind.CutBefore, 0)]
    public async Task A_cut_connection_leaves_the_outcome_open(FaultKind kind, int messages)
    {
        _host.People.Faults.Add(new Fault(kind) { Method = "sendMessage" });
        var e = await Assert.ThrowsAsync<TelegramException>(() => _host.Bot.SendMessageAsync(1001, "x", null, Cancellation));
        Assert.True(e.OutcomeUnknown);
        Assert.Equal(messages, _host.People.Messages(_host.Ana).Count);
    }

    [Fact]
    public async Task A_call_can_hang_without_effect()
    {
        _host.People.Faults.Add(new Fault(FaultKind.Hang) { Seconds = 40 });
        var call = _host.Bot.SendMessageAsync(1001, "x", null, Cancellation);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        Assert.False(call.IsCompleted);
        _host.Time.Advance(TimeSpan.FromSeconds(40));
        await Assert.ThrowsAsync<TelegramException>(() => call);
        Assert.Empty(_host.People.Messages(_host.Ana));
    }

    [Fact]
    public async Task A_call_can_be_answered_late_though_it_took_effect()
    {
        _host.People.Faults.Add(new Fault(FaultKind.Slow) { Seconds = 40 });
        var call = _host.Bot.SendMessageAsync(1001, "x", null, Cancellation);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        Assert.Equal("x", Assert.Single(_host.People.Messages(_host.Ana)).Text);
        _host.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("x", (await call).Text);
    }

    [Fact]
    public async Task Faults_wait_for_their_method_their_chat_and_their_turn()
    {
        _host.People.Faults.Add(new Fault(FaultKind.Error) { Method = "sendMessage", ChatId = 1001, Skip = 1 });
        await _host.ResultAsync("sendMessage", new { chat_id = 1002, text = "another chat" });
        await _host.ResultAsync("sendChatAction", new { chat_id = 1001, action = "typing" });
        await _host.ResultAsync("sendMessage", new { chat_id = 1001, text = "let pass" });
        Assert.Equal(500, (await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "fails" })).Code);
        await _host.ResultAsync("sendMessage", new { chat_id = 1001, text = "over" });
        Assert.Empty(_host.People.Faults.Waiting);
    }

    [Fact]
    public async Task A_conflict_ends_a_poll_as_a_second_poller_would()
    {
        _host.People.Faults.Add(new Fault(FaultKind.Conflict) { Times = 2 });
        await _host.ResultAsync("getMe");
        Assert.Equal((409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"), await _host.ErrorAsync("getUpdates"));
        var held = _host.ErrorAsync("getUpdates");
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        Assert.False(held.IsCompleted);
        _host.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(409, (await held).Code);
    }

    [Fact]
    public async Task A_restart_ends_the_poll_and_answers_every_call_until_it_is_over()
    {
        var poll = _host.Bot.GetUpdatesAsync(null, 100, TimeSpan.FromSeconds(45), [], Cancellation);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        _host.People.Faults.Add(new Fault(FaultKind.Restart) { Seconds = 10 });
        Assert.Equal("Internal Server Error: restart", (await Assert.ThrowsAsync<TelegramException>(() => poll)).Description);
        Assert.Equal((500, "Internal Server Error: restart"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "x" }));
        _host.Time.Advance(TimeSpan.FromSeconds(10));
        await _host.ResultAsync("sendMessage", new { chat_id = 1001, text = "x" });
    }

    [Fact]
    public async Task A_path_expires_after_an_hour_or_when_told_and_comes_anew()
    {
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("a.jpg", Picture.Jpeg())]);
        var fileId = (string)(await _host.UpdatesAsync())[0]!["message"]!["photo"]![0]!["file_id"]!;
        var path = (await _host.Bot.GetFileAsync(fileId, Cancellation)).FilePath!;
        _host.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.NotEmpty(await _host.Bot.DownloadAsync(path, Cancellation));
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(404, (await Assert.ThrowsAsync<TelegramException>(() => _host.Bot.DownloadAsync(path, Cancellation))).ErrorCode);
        await _host.Bot.GetFileAsync(fileId, Cancellation);
        _host.People.Faults.Add(new Fault(FaultKind.FileExpired));
        for (var i = 0; i < 2; i++) Assert.Equal(404, (await Assert.ThrowsAsync<TelegramException>(() => _host.Bot.DownloadAsync(path, Cancellation))).ErrorCode);
        await _host.Bot.GetFileAsync(fileId, Cancellation);
        Assert.NotEmpty(await _host.Bot.DownloadAsync(path, Cancellation));
    }

    [Fact]
    public async Task A_download_can_end_in_the_middle_of_a_picture()
    {
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("a.jpg", Picture.Jpeg())]);
        var path = (await _host.Bot.GetFileAsync((string)(await _host.UpdatesAsync())[0]!["message"]!["photo"]![0]!["file_id"]!, Cancellation)).FilePath!;
        _host.People.Faults.Add(new Fault(FaultKind.TruncatedFile));
        Assert.Equal(Picture.Jpeg()[..(Picture.Jpeg().Length / 2)], await _host.Bot.DownloadAsync(path, Cancellation));
        Assert.Equal(Picture.Jpeg(), await _host.Bot.DownloadAsync(path, Cancellation));
    }

    [Fact]
    public async Task A_file_can_be_made_too_large_for_the_bot()
    {
        _host.People.Faults.Add(new Fault(FaultKind.LargeFile));
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("a.jpg", Picture.Jpeg())], asDocument: true);
        _host.People.SendFiles(_host.Ana, [new OutgoingFile("b.jpg", Picture.Jpeg())], asDocument: true);
        var documents = (await _host.UpdatesAsync()).Select(u => u!["message"]!["document"]!).ToList();
        Assert.Equal([21 * 1024 * 1024, Picture.Jpeg().Length], documents.Select(d => (int)d["file_size"]!));
        Assert.Equal((400, "Bad Request: file is too big"), await _host.ErrorAsync("getFile", new { file_id = (string?)documents[0]["file_id"] }));
        await _host.ResultAsync("getFile", new { file_id = (string?)documents[1]["file_id"] });
    }

    [Fact]
    public async Task The_clock_jumps_both_ways()
    {
        var before = _host.People.SendText(_host.Ana, "now")[0].Date;
        _host.People.Faults.Add(new Fault(FaultKind.ClockJump) { Seconds = 3600 });
        Assert.Equal(before + 3600, _host.People.SendText(_host.Ana, "later")[0].Date);
        _host.People.Faults.Add(new Fault(FaultKind.ClockJump) { Seconds = -7200 });
        Assert.Equal(before - 3600, _host.People.SendText(_host.Ana, "earlier")[0].Date);
        Assert.Equal(["now", "later", "earlier"], await _host.TextsAsync());
    }

    [Fact]
    public async Task Faults_are_scripted_listed_and_cleared_over_http()
    {
        await PostAsync("""{"fault":"too_many_requests","method":"sendMessage","retry_after":3}""", HttpStatusCode.OK);
        var listed = await PostAsync("""{"fault":"hang","times":2}""", HttpStatusCode.OK);
        Assert.Equal(["too_many_requests", "hang"], listed.AsArray().Select(f => (string?)f!["fault"]));
        Assert.Equal((1, 3, 2), ((int)listed[0]!["times"]!, (int)listed[0]!["retry_after"]!, (int)listed[1]!["times"]!));
        Assert.Equal(listed.ToJsonString(), await _host.Http.GetStringAsync("/simulator/faults", Cancellation));
        await _host.Http.DeleteAsync("/simulator/faults", Cancellation);
        Assert.Equal("[]", await _host.Http.GetStringAsync("/simulator/faults", Cancellation));

        const string Example = """The body must be JSON: {"fault":"too_many_requests","method":"sendMessage","times":2,"retry_after":3}.""";
        Assert.Equal(Example, (string?)(await PostAsync("""{"fault":"dance"}""", HttpStatusCode.BadRequest))["error"]);
        Assert.Equal(Example, (string?)(await PostAsync("""{"fault":"hang","tmes":2}""", HttpStatusCode.BadRequest))["error"]);
        Assert.Equal(Example, (string?)(await PostAsync("{}", HttpStatusCode.BadRequest))["error"]);
        Assert.Equal("times is 1 to 1000000.", (string?)(await PostAsync("""{"fault":"hang","times":0}""", HttpStatusCode.BadRequest))["error"]);
        Assert.Equal("seconds must be given.", (string?)(await PostAsync("""{"fault":"slow"}""", HttpStatusCode.BadRequest))["error"]);
        Assert.Equal("code is 400 to 599.", (string?)(await PostAsync("""{"fault":"error","code":200}""", HttpStatusCode.BadRequest))["error"]);
    }

    private async Task<JsonNode> PostAsync(string body, HttpStatusCode status)
    {
        var response = await _host.Http.PostAsync("/simulator/faults", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(status, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
    }
}
