using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rafaga.Bot.Access;
using Rafaga.Bot.Intake;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

public sealed class AccessTests
{
    private const string Code = "sesame-open-1234";

    [Theory]
    [InlineData("777", true)]
    [InlineData("@Ana", true)]
    [InlineData("ana", true)]
    [InlineData("888", false)]
    [InlineData("@anabel", false)]
    public async Task Only_those_who_are_named_are_let_in(string name, bool isIn)
    {
        await using var rig = await BotRig.StartAsync(access: new AccessOptions { Mode = AccessMode.Allowlist, Allowed = [name, "999"] });
        rig.Telegram.Enqueue(Text(1, 1, "Hola"));
        var taken = await rig.TakeAsync();
        Assert.Equal(isIn ? (1, 0) : (0, 1), (taken.Collected, taken.Refused));
        Assert.Equal(2, taken.NextOffset);
    }

    [Theory]
    [InlineData(AccessMode.Allowlist, "círculo cerrado", "closed circle")]
    [InlineData(AccessMode.Invite, "/start", "/start")]
    [InlineData(AccessMode.Off, "no recibo mensajes", "no messages")]
    public async Task Whoever_has_no_access_is_told_once_in_their_language_and_nothing_of_theirs_is_kept(AccessMode mode, string spanish, string english)
    {
        await using var backend = await KeeperAsync([]);
        await using var rig = await BotRig.StartAsync(backend: backend.Url, access: new AccessOptions { Mode = mode, Allowed = ["999"], InviteCode = Code });
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue(
            Text(1, 1, "Hola"), Text(2, 2, "¿Hay alguien?"), Text(3, 3, "/ayuda"), Photo(4, 4), Text(5, 5, "/start wrong-code"), Text(6, 6, "Hello", LuisFrom, LuisChat), Text(7, 7, "Hello?", LuisFrom, LuisChat));
        await Patience.UntilAsync(() => rig.Telegram.Unconfirmed.Count == 0 && rig.Telegram.Delivered.Count == 2);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Contains(spanish, Assert.Single(rig.Telegram.Delivered, d => d.Chat == 777).Text, StringComparison.Ordinal);
        Assert.Contains(english, Assert.Single(rig.Telegram.Delivered, d => d.Chat == 888).Text, StringComparison.Ordinal);
        Assert.Empty(await rig.StoredAsync());
        Assert.Empty(rig.Rejected);
    }

    [Fact]
    public async Task In_a_group_a_stranger_hears_something_only_when_they_call_the_bot_and_cannot_make_it_greet()
    {
        await using var rig = await BotRig.StartAsync(access: new AccessOptions { Mode = AccessMode.Allowlist, Allowed = ["888"] });
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        var call = Message(3, 3, "\"text\":\"@RafagaBot hola\",\"entities\":[{\"type\":\"mention\",\"offset\":0,\"length\":10}]", chat: Group);
        var added = $$$"""{"update_id":1,"my_chat_member":{"chat":{{{Group}}},"from":{{{AnaFrom}}},"date":1790000000,"old_chat_member":{"status":"left","user":{"id":123456,"is_bot":true,"first_name":"B"}},"new_chat_member":{"status":"member","user":{"id":123456,"is_bot":true,"first_name":"B"} } } }""";
        rig.Telegram.Enqueue((1, added), Text(2, 2, "hola", chat: Group), call, Text(4, 4, "hola", chat: Group));
        await Patience.UntilAsync(() => rig.Telegram.Unconfirmed.Count == 0 && rig.Telegram.Delivered.Count > 0);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Contains("círculo cerrado", Assert.Single(rig.Telegram.Delivered).Text, StringComparison.Ordinal);
        Assert.Empty(await rig.StoredAsync());
    }

    [Fact]
    public async Task Whoever_shows_the_code_is_in_at_once_in_every_process_and_after_a_restart()
    {
        HashSet<long> admitted = [];
        await using var backend = await KeeperAsync(admitted);
        await using var rig = await BotRig.StartAsync(backend: backend.Url, access: new AccessOptions { Mode = AccessMode.Invite, InviteCode = Code });
        rig.Telegram.Enqueue(Text(1, 1, "Hola"));
        Assert.Equal(1, (await rig.TakeAsync()).Refused);
        rig.Telegram.Enqueue(Text(2, 2, $"/start {Code}"));
        Assert.Equal(1, (await rig.TakeAsync()).Commands);
        Assert.Equal([777], admitted);
        rig.Telegram.Enqueue(Text(3, 3, "Ya estoy"));
        Assert.Equal(1, (await rig.TakeAsync()).Collected);
        rig.Restart();
        rig.Telegram.Enqueue(Text(4, 4, "Sigo aquí"));
        Assert.Equal(1, (await rig.TakeAsync()).Collected);

        // By another process, while this one has turned the person away before.
        rig.Telegram.Enqueue(Text(5, 5, "Hello", LuisFrom, LuisChat));
        Assert.Equal(1, (await rig.TakeAsync()).Refused);
        admitted.Add(888);
        rig.Telegram.Enqueue(Text(6, 6, "Hello", LuisFrom, LuisChat));
        Assert.Equal(1, (await rig.TakeAsync()).Collected);
    }

    [Theory]
    [InlineData("sesame-open-1235")]
    [InlineData("SESAME-OPEN-1234")]
    [InlineData("sesame-open-1234x")]
    [InlineData("sesame-open-123")]
    public async Task A_code_that_is_almost_right_opens_nothing(string code)
    {
        HashSet<long> admitted = [];
        await using var backend = await KeeperAsync(admitted);
        await using var rig = await BotRig.StartAsync(backend: backend.Url, access: new AccessOptions { Mode = AccessMode.Invite, InviteCode = Code });
        rig.Telegram.Enqueue(Text(1, 1, $"/start {code}"));
        Assert.Equal(1, (await rig.TakeAsync()).Refused);
        Assert.Empty(admitted);
    }

    [Fact]
    public async Task While_the_backend_is_away_strangers_stay_with_Telegram_and_those_who_were_in_are_let_in()
    {
        HashSet<long> admitted = [777];
        await using var backend = await KeeperAsync(admitted);
        await using var rig = await BotRig.StartAsync(backend: backend.Url, access: new AccessOptions { Mode = AccessMode.Invite, InviteCode = Code });
        rig.Telegram.Enqueue(Text(1, 1, "Hola"));
        Assert.Equal(1, (await rig.TakeAsync()).Collected);
        rig.Time.Advance(TimeSpan.FromMinutes(11));
        admitted.Add(IsAway);
        rig.Telegram.Enqueue(Text(2, 2, "Hola"));
        Assert.Equal(1, (await rig.TakeAsync()).Collected);
        rig.Telegram.Enqueue(Text(3, 3, "Hello", LuisFrom, LuisChat));
        Assert.Equal(PollFault.NotStored, Assert.IsType<PollOutcome.Failed>(await rig.PollAsync()).Fault);
        Assert.Equal([3], rig.Telegram.Unconfirmed);
    }

    [Fact]
    public async Task With_a_backend_that_keeps_nobody_a_code_lets_nobody_in_and_the_log_says_why()
    {
        await using var backend = await LoopbackServer.StartAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url, access: new AccessOptions { Mode = AccessMode.Invite, InviteCode = Code });
        rig.Telegram.Enqueue(Text(1, 1, "Hola"));
        Assert.Equal(1, (await rig.TakeAsync()).Refused);
        Assert.Contains(rig.Log.Visible, line => line.Contains("RAFAGA__ACCESS__MODE=allowlist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_much_in_a_minute_is_refused_openly_once_and_others_are_not_touched()
    {
        await using var rig = await BotRig.StartAsync(access: new AccessOptions { MessagesPerMinute = 5 });
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue([.. Enumerable.Range(1, 12).Select(i => Text(i, i, "x")), Text(13, 13, "Hello", LuisFrom, LuisChat), Text(14, 14, "/ayuda")]);
        await Patience.UntilAsync(() => rig.Telegram.Unconfirmed.Count == 0 && rig.Telegram.Delivered.Count > 0);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["m1", "m13", "m2", "m3", "m4", "m5"], (await rig.StoredAsync()).Order(StringComparer.Ordinal));
        Assert.Contains("en un minuto", Assert.Single(rig.Telegram.Delivered).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buttons_are_pressed_no_faster_than_messages_are_sent_and_being_forgotten_is_always_open()
    {
        await using var rig = await BotRig.StartAsync(access: new AccessOptions { MessagesPerMinute = 3 });
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue([.. Enumerable.Range(1, 8).Select(i => Press(i, "k:777:keep:")), .. Enumerable.Range(9, 8).Select(i => Press(i, "k:777:language:en")), Text(20, 20, "hola"), Press(21, LuisFrom, LuisChat, "something old")]);
        await Patience.UntilAsync(() => rig.Telegram.Unconfirmed.Count == 0 && rig.Telegram.Calls("answerCallbackQuery").Count == 12 && rig.Telegram.Delivered.Count == 4);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Single(rig.Telegram.Delivered, d => d.Text.Contains("en un minuto", StringComparison.Ordinal));
        // What they write is counted by itself.
        Assert.Equal(["m20"], await rig.StoredAsync());
    }

    [Fact]
    public async Task The_room_for_presses_comes_back_under_an_old_message_too()
    {
        await using var rig = await BotRig.StartAsync(access: new AccessOptions { MessagesPerMinute = 2 });
        rig.Telegram.Enqueue([.. Enumerable.Range(1, 3).Select(i => Press(i, "something old"))]);
        Assert.Equal((1, 1, 0), ((await rig.TakeAsync()).Commands, (await rig.TakeAsync()).Commands, (await rig.TakeAsync()).Commands));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        rig.Telegram.Enqueue(Press(4, "something old"));
        Assert.Equal(1, (await rig.TakeAsync()).Commands);
    }

    [Fact]
    public async Task The_code_opens_the_door_but_not_the_limit()
    {
        HashSet<long> admitted = [];
        await using var backend = await KeeperAsync(admitted);
        await using var rig = await BotRig.StartAsync(backend: backend.Url, access: new AccessOptions { Mode = AccessMode.Invite, InviteCode = Code, MessagesPerMinute = 3 });
        rig.Telegram.Enqueue([.. Enumerable.Range(1, 5).Select(i => Text(i, i, $"/start {Code}"))]);
        List<int> refused = [];
        while (rig.Telegram.Unconfirmed.Count > 0 && refused.Count < 5) refused.Add((await rig.TakeAsync()).Refused);
        Assert.Equal([0, 0, 0, 1, 1], refused);
        Assert.Equal([777], admitted);
    }

    [Fact]
    public void What_has_piled_up_is_counted_by_the_time_at_which_it_was_sent()
    {
        var rate = new RateLimit(5);
        var start = DateTimeOffset.FromUnixTimeSeconds(1790000000);
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(rate.HasRoom(777, start.AddSeconds(i * 12)));
            rate.Charge(777, start.AddSeconds(i * 12));
        }
    }

    [Fact]
    public void Room_comes_back_with_time_but_never_more_than_a_minute_holds()
    {
        var rate = new RateLimit(6);
        var at = DateTimeOffset.FromUnixTimeSeconds(1790000000);
        for (var i = 0; i < 6; i++) rate.Charge(777, at);
        Assert.False(rate.HasRoom(777, at));
        Assert.True(rate.HasRoom(777, at.AddSeconds(10)));
        rate.Charge(777, at.AddSeconds(10));
        Assert.False(rate.HasRoom(777, at.AddSeconds(5)));
        for (var i = 0; i < 6; i++) rate.Charge(777, at.AddHours(5));
        Assert.False(rate.HasRoom(777, at.AddHours(5)));
    }

    [Fact]
    public void The_notice_comes_again_after_ten_minutes_at_the_earliest()
    {
        var rate = new RateLimit(6);
        var at = DateTimeOffset.FromUnixTimeSeconds(1790000000);
        Assert.True(rate.IsNews(777, at));
        Assert.False(rate.IsNews(777, at.AddMinutes(9)));
        Assert.True(rate.IsNews(777, at.AddMinutes(10)));
    }

    [Fact]
    public async Task What_the_store_refuses_is_not_counted()
    {
        await using var rig = await BotRig.StartAsync(access: new AccessOptions { MessagesPerMinute = 3 });
        rig.Store.Before = operation => operation == "AppendAsync" ? throw new IOException("disk full") : Task.CompletedTask;
        rig.Telegram.Enqueue(Text(1, 1, "a"), Text(2, 2, "b"), Text(3, 3, "c"));
        for (var i = 0; i < 10; i++) Assert.IsType<PollOutcome.Failed>(await rig.PollAsync());
        rig.Store.Before = _ => Task.CompletedTask;
        Assert.Equal(3, (await rig.TakeAsync()).Collected);
    }

    // Stands in for everybody: the backend does not answer.
    private const long IsAway = -1;

    /// <summary>A backend that keeps who was let in.</summary>
    private static Task<LoopbackServer> KeeperAsync(HashSet<long> admitted) => LoopbackServer.StartAsync(async http =>
    {
        if (admitted.Contains(IsAway))
        {
            http.Abort();
            return;
        }

        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        Assert.True(RequestSignature.Verify(
            BotRig.Secret, http.Request.Headers[RequestSignature.IdHeader], http.Request.Headers[RequestSignature.TimestampHeader], http.Request.Headers[RequestSignature.SignatureHeader],
            System.Text.Encoding.UTF8.GetBytes(body), DateTimeOffset.FromUnixTimeSeconds(long.Parse(http.Request.Headers[RequestSignature.TimestampHeader]!, System.Globalization.CultureInfo.InvariantCulture))));
        switch (http.Request.Path.Value)
        {
            case AccessEndpoint.Path:
                var asked = JsonSerializer.Deserialize(body, ContractsJson.Default.AccessRequest)!;
                await http.Response.WriteAsJsonAsync(new AccessReply(admitted.Contains(PersonOf(asked.Conversation))), ContractsJson.Default.AccessReply);
                break;
            case CommandEndpoint.Path:
                var ordered = JsonSerializer.Deserialize(body, ContractsJson.Default.CommandRequest)!;
                Assert.Equal(PersonCommand.Admit, ordered.Name);
                admitted.Add(PersonOf(ordered.Conversation));
                await http.Response.WriteAsJsonAsync(new CommandReply("in"), ContractsJson.Default.CommandReply);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    });

    private static long PersonOf(string conversation) => ConversationKey.TryParse(conversation, out var key) ? key.UserId : 0;
}
