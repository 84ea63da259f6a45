using Rafaga.Telegram.Simulator;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>Groups, topics, and bots that are thrown out.</summary>
public sealed class GroupTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_bot_is_told_that_it_is_in_and_hears_everybody()
    {
        var group = _host.People.AddGroup(_host.Ana, " Familia ");
        _host.People.At(_host.Luis, group).Send(new OutgoingMessage { Text = "hola @rafaga_bot" });
        var updates = await _host.AllUpdatesAsync();
        var joined = updates[0]!["my_chat_member"]!;
        Assert.Equal(("left", "member"), ((string?)joined["old_chat_member"]!["status"], (string?)joined["new_chat_member"]!["status"]));
        var message = updates[1]!["message"]!;
        Assert.Equal($$"""{"id":{{group.Id}},"title":"Familia","type":"supergroup"}""", message["chat"]!.ToJsonString());
        Assert.Equal(("luis", "mention", 5), ((string?)message["from"]!["username"], (string?)message["entities"]![0]!["type"], (int)message["entities"]![0]!["offset"]!));
        var sent = await _host.ResultAsync("sendMessage", new { chat_id = group.Id, text = "¡hola!", reply_parameters = new { message_id = 1 } });
        Assert.Equal("luis", (string?)sent["reply_to_message"]!["from"]!["username"]);
        Assert.Equal(["hola @rafaga_bot", "¡hola!"], _host.People.Messages(group).Select(m => m.Text));
        Assert.Empty(_host.People.Messages(_host.Luis));
    }

    [Fact]
    public async Task In_privacy_mode_it_hears_only_what_is_meant_for_it()
    {
        var group = _host.People.AddGroup(_host.Ana, "Familia");
        _host.People.PrivacyMode = true;
        Assert.False((bool)(await _host.ResultAsync("getMe"))["can_read_all_group_messages"]!);
        var sent = (long)(await _host.ResultAsync("sendMessage", new { chat_id = group.Id, text = "¡hola!" }))["message_id"]!;
        var luis = _host.People.At(_host.Luis, group);
        luis.Send(new OutgoingMessage { Text = "unheard" });
        luis.Send(new OutgoingMessage { Text = "/start" });
        luis.Send(new OutgoingMessage { Text = "you, @Rafaga_bot" });
        luis.Send(new OutgoingMessage { Text = "an answer", ReplyTo = sent });
        Assert.Equal(["/start", "you, @Rafaga_bot", "an answer"], (await _host.UpdatesAsync()).Skip(1).Select(u => (string?)u!["message"]!["text"]));
        _host.People.SetStanding(_host.Ana, group, BotStanding.Administrator);
        luis.Send(new OutgoingMessage { Text = "heard" });
        Assert.Equal("heard", (string?)(await _host.UpdatesAsync())[^1]!["message"]!["text"]);
    }

    [Fact]
    public async Task A_topic_has_messages_of_its_own()
    {
        var forum = _host.People.AddGroup(_host.Ana, "Familia", forum: true);
        var topic = _host.People.AddTopic(_host.Ana, forum, "Vacaciones");
        _host.People.At(_host.Luis, forum, topic).Send(new OutgoingMessage { Text = "hola" });
        _host.People.At(_host.Luis, forum).Send(new OutgoingMessage { Text = "general" });
        var updates = (await _host.UpdatesAsync()).Select(u => u!["message"]).Where(m => m is not null).ToList();
        Assert.Equal("Vacaciones", (string?)updates[0]!["forum_topic_created"]!["name"]);
        Assert.Equal((topic, true, topic), ((long)updates[1]!["message_thread_id"]!, (bool)updates[1]!["is_topic_message"]!, (long)updates[1]!["reply_to_message"]!["message_id"]!));
        Assert.Equal(["message_id", "from", "chat", "date", "message_thread_id", "is_topic_message", "reply_to_message", "text"], updates[1]!.AsObject().Select(m => m.Key));
        Assert.Null(updates[2]!["message_thread_id"]);
        var sent = await _host.ResultAsync("sendMessage", new { chat_id = forum.Id, text = "aquí", message_thread_id = topic });
        Assert.Equal(topic, (long)sent["message_thread_id"]!);
        Assert.Equal((400, "Bad Request: message thread not found"), await _host.ErrorAsync("sendMessage", new { chat_id = forum.Id, text = "x", message_thread_id = topic + 1 }));
        Assert.Equal("There is no topic 77.", Assert.Throws<SendRefusedException>(() => _host.People.At(_host.Luis, forum, 77)).Message);
    }

    [Fact]
    public async Task Who_is_not_in_cannot_write()
    {
        var basic = _host.People.AddGroup(_host.Ana, "Básico", supergroup: false);
        var super = _host.People.AddGroup(_host.Ana, "Súper");
        _host.People.Block(_host.Ana);
        _host.People.Deactivate(_host.Luis);
        _host.People.SetStanding(_host.Ana, basic, BotStanding.Kicked);
        _host.People.SetStanding(_host.Ana, super, BotStanding.Left);
        foreach (var (chat, text) in new[]
        {
            (1001L, "bot was blocked by the user"), (1002, "user is deactivated"), (basic.Id, "bot was kicked from the group chat"), (super.Id, "bot is not a member of the supergroup chat"),
        })
        {
            foreach (var method in new[] { "sendMessage", "sendChatAction", "editMessageText", "deleteMessage", "setMessageReaction" })
                Assert.Equal((403, "Forbidden: " + text), await _host.ErrorAsync(method, new { chat_id = chat, text = "x", action = "typing", message_id = 1 }));
        }

        var told = (await _host.AllUpdatesAsync()).Select(u => u!["my_chat_member"]!).Where(m => (long)m["chat"]!["id"]! == 1001).ToList();
        Assert.Equal(("member", "kicked", 0), ((string?)told[0]["old_chat_member"]!["status"], (string?)told[0]["new_chat_member"]!["status"], (int)told[0]["new_chat_member"]!["until_date"]!));
        Assert.Equal("Has bloqueado al bot: desbloquéalo antes.", Assert.Throws<SendRefusedException>(() => _host.People.SendText(_host.Ana, "x")).Message);
        _host.People.Block(_host.Ana, blocked: false);
        Assert.Equal("x", (string?)(await _host.ResultAsync("sendMessage", new { chat_id = 1001, text = "x" }))["text"]);
    }

    [Fact]
    public async Task A_group_that_has_become_a_supergroup_says_where_it_went()
    {
        var basic = _host.People.AddGroup(_host.Ana, "Familia", supergroup: false);
        var super = _host.People.Upgrade(_host.Ana, basic);
        var (_, body) = await _host.CallAsync($"sendMessage?chat_id={basic.Id}&text=x");
        Assert.Equal(
            $$$"""{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":{{{super.Id}}}}}""", body.ToJsonString());
        Assert.Equal("x", (string?)(await _host.ResultAsync("sendMessage", new { chat_id = super.Id, text = "x" }))["text"]);
        Assert.Throws<SendRefusedException>(() => _host.People.At(_host.Ana, _host.People.FindGroup(basic.Id)!).Send(new OutgoingMessage { Text = "x" }));
        var messages = (await _host.UpdatesAsync()).Select(u => u!["message"]).Where(m => m is not null).ToList();
        Assert.Equal((super.Id, basic.Id), ((long)messages[0]!["migrate_to_chat_id"]!, (long)messages[1]!["migrate_from_chat_id"]!));
    }
}
