using Rafaga.Telegram.Simulator;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>Buttons, edits, reactions and deletions: what both sides do with messages that are there.</summary>
public sealed class CallbackTests : IAsyncLifetime
{
    private static readonly object Keyboard = new { inline_keyboard = new[] { new object[] { new { text = "Sí", callback_data = "yes" }, new { text = "Web", url = "https://example.org/" } } } };

    private SimulatorHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_pressed_button_is_an_update_and_its_answer_reaches_the_person()
    {
        var sent = await SendAsync();
        var shown = Assert.Single(_host.People.Messages(_host.Ana));
        Assert.Equal(["Sí", "Web"], shown.Buttons![0].Select(b => b.Text));
        var query = _host.People.At(_host.Ana).Press(sent, "Sí");
        var update = Assert.Single(await _host.AllUpdatesAsync())!["callback_query"]!;
        Assert.Equal(["id", "from", "message", "chat_instance", "data"], update.AsObject().Select(m => m.Key));
        Assert.Equal((query, "yes", sent, "ana"), ((string?)update["id"], (string?)update["data"], (long)update["message"]!["message_id"]!, (string?)update["from"]!["username"]));
        Assert.NotNull(update["message"]!["reply_markup"]);
        Assert.Null(_host.People.AnswerTo(query));
        await _host.ResultAsync("answerCallbackQuery", new { callback_query_id = query, text = "Hecho", show_alert = true });
        Assert.Equal(new CallbackAnswer("Hecho", true), _host.People.AnswerTo(query));
    }

    [Fact]
    public async Task A_query_is_answered_once_and_within_a_minute()
    {
        const string TooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid";
        var sent = await SendAsync();
        var query = _host.People.At(_host.Ana).Press(sent, "yes");
        await _host.ResultAsync("answerCallbackQuery", new { callback_query_id = query });
        Assert.Equal((400, TooOld), await _host.ErrorAsync("answerCallbackQuery", new { callback_query_id = query }));
        Assert.Equal((400, TooOld), await _host.ErrorAsync("answerCallbackQuery", new { callback_query_id = "17" }));
        var late = _host.People.At(_host.Ana).Press(sent, "yes");
        _host.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((400, TooOld), await _host.ErrorAsync("answerCallbackQuery", new { callback_query_id = late }));
    }

    [Fact]
    public async Task A_button_that_is_not_there_or_opens_an_address_cannot_be_pressed()
    {
        var sent = await SendAsync();
        var luis = _host.Luis;
        Assert.Equal("Message 1 has no button \"no\".", Assert.Throws<SendRefusedException>(() => _host.People.At(luis).Press(Own(), "no")).Message);
        Assert.Equal("El botón «Web» abre una dirección: no hay nada que decirle al bot.", Assert.Throws<SendRefusedException>(() => _host.People.At(_host.Ana).Press(sent, "Web")).Message);

        long Own() => _host.People.SendText(luis, "x")[0].MessageId;
    }

    [Theory]
    [InlineData("""{"inline_keyboard":[[{"text":"x"}]]}""", "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")]
    [InlineData("""{"inline_keyboard":[[{"callback_data":"x"}]]}""", "can't parse inline keyboard button: field \"text\" must be a non-empty string")]
    [InlineData("""{"inline_keyboard":[[{"text":"x","callback_data":""}]]}""", "BUTTON_DATA_INVALID")]
    [InlineData("""{"inline_keyboard":[[{"text":"x","callback_data":"áááááááááááááááááááááááááááááááááá"}]]}""", "BUTTON_DATA_INVALID")]
    [InlineData("""{"inline_keyboard":{}}""", "field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays")]
    [InlineData("[", "can't parse reply keyboard markup JSON object")]
    public async Task A_keyboard_that_cannot_be_is_refused(string markup, string description) =>
        Assert.Equal((400, "Bad Request: " + description), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "x", reply_markup = markup }));

    [Fact]
    public async Task The_bot_edits_its_own_words_and_buttons()
    {
        var sent = await SendAsync();
        _host.Time.Advance(TimeSpan.FromSeconds(5));
        var edited = await _host.ResultAsync("editMessageText", new { chat_id = 1001, message_id = sent, text = "Otra cosa" });
        Assert.Equal(["message_id", "from", "chat", "date", "edit_date", "text"], edited.AsObject().Select(m => m.Key));
        Assert.Equal((long)edited["date"]! + 5, (long)edited["edit_date"]!);
        await _host.ResultAsync("editMessageReplyMarkup", new { chat_id = 1001, message_id = sent, reply_markup = Keyboard });
        var shown = Assert.Single(_host.People.Messages(_host.Ana));
        Assert.Equal(("Otra cosa", 2), (shown.Text, shown.Buttons![0].Count));
        await _host.ResultAsync("editMessageReplyMarkup", new { chat_id = 1001, message_id = sent });
        Assert.Null(_host.People.Messages(_host.Ana)[0].Buttons);
    }

    [Fact]
    public async Task Edits_that_cannot_be_are_refused_word_for_word()
    {
        const string NotModified =
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";
        var sent = await SendAsync();
        var theirs = _host.People.SendText(_host.Ana, "mine")[0].MessageId;
        Assert.Equal((400, "Bad Request: message to edit not found"), await EditAsync(99, "x"));
        Assert.Equal((400, "Bad Request: message can't be edited"), await EditAsync(theirs, "x"));
        Assert.Equal((400, "Bad Request: message text is empty"), await EditAsync(sent, " "));
        Assert.Equal((400, NotModified), await _host.ErrorAsync("editMessageText", new { chat_id = 1001, message_id = sent, text = "¿Seguro?", reply_markup = Keyboard }));
        Assert.Equal((400, NotModified), await _host.ErrorAsync("editMessageReplyMarkup", new { chat_id = 1001, message_id = sent, reply_markup = Keyboard }));
        Assert.Equal((400, "Bad Request: there is no caption in the message to edit"), await _host.ErrorAsync("editMessageCaption", new { chat_id = 1001, message_id = sent, caption = "x" }));

        Task<(int, string)> EditAsync(long id, string text) => _host.ErrorAsync("editMessageText", new { chat_id = 1001, message_id = id, text });
    }

    [Fact]
    public async Task A_person_edits_their_own_words_and_the_bot_is_told()
    {
        var id = _host.People.SendText(_host.Ana, "hla")[0].MessageId;
        _host.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(_host.People.At(_host.Ana).Edit(id, "hola").EditDate);
        var updates = await _host.AllUpdatesAsync();
        Assert.Equal("hla", (string?)updates[0]!["message"]!["text"]);
        var edited = updates[1]!["edited_message"]!;
        Assert.Equal(("hola", id, 5), ((string?)edited["text"], (long)edited["message_id"]!, (long)edited["edit_date"]! - (long)edited["date"]!));
        var bots = await SendAsync();
        Assert.Equal($"El mensaje {bots} no es tuyo: no puedes cambiarlo.", Assert.Throws<SendRefusedException>(() => _host.People.At(_host.Ana).Edit(bots, "x")).Message);
    }

    [Fact]
    public async Task Reactions_of_both_sides_are_shown_and_told_to_a_bot_that_asks_for_them()
    {
        var id = _host.People.SendText(_host.Ana, "hola")[0].MessageId;
        _host.People.At(_host.Ana).React(id, "🔥");
        Assert.Single(await _host.AllUpdatesAsync("message", "message_reaction"));
        _host.People.At(_host.Ana).React(id, "👍");
        await _host.ResultAsync("setMessageReaction", new { chat_id = 1001, message_id = id, reaction = new[] { new { type = "emoji", emoji = "👀" } } });
        Assert.Equal([new Reaction("ana", "👍"), new Reaction("rafaga_bot", "👀")], _host.People.Messages(_host.Ana)[0].Reactions!.OrderBy(r => r.From));
        var told = (await _host.AllUpdatesAsync())[1]!["message_reaction"]!;
        Assert.Equal(["chat", "message_id", "user", "date", "old_reaction", "new_reaction"], told.AsObject().Select(m => m.Key));
        Assert.Equal(("🔥", "👍"), ((string?)told["old_reaction"]![0]!["emoji"], (string?)told["new_reaction"]![0]!["emoji"]));
        await _host.ResultAsync("setMessageReaction", new { chat_id = 1001, message_id = id });
        _host.People.At(_host.Ana).React(id);
        Assert.Null(_host.People.Messages(_host.Ana)[0].Reactions);
        Assert.Equal((400, "Bad Request: REACTION_INVALID"), await _host.ErrorAsync("setMessageReaction", new { chat_id = 1001, message_id = id, reaction = new[] { new { type = "emoji", emoji = "🧨" } } }));
        Assert.Equal((400, "Bad Request: message to react not found"), await _host.ErrorAsync("setMessageReaction", new { chat_id = 1001, message_id = 99 }));
    }

    [Fact]
    public async Task Deleted_messages_are_gone_and_their_ids_are_not_given_again()
    {
        var sent = await SendAsync();
        await _host.ResultAsync("deleteMessage", new { chat_id = 1001, message_id = sent });
        Assert.Empty(_host.People.Messages(_host.Ana));
        Assert.Equal((400, "Bad Request: message to delete not found"), await _host.ErrorAsync("deleteMessage", new { chat_id = 1001, message_id = sent }));
        var next = _host.People.SendText(_host.Ana, "x")[0].MessageId;
        Assert.Equal(sent + 1, next);
        _host.People.At(_host.Ana).Delete(next);
        Assert.Equal((400, "Bad Request: message to be replied not found"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "x", reply_parameters = new { message_id = next } }));
        var old = await SendAsync();
        _host.Time.Advance(TimeSpan.FromHours(49));
        Assert.Equal((400, "Bad Request: message can't be deleted for everyone"), await _host.ErrorAsync("deleteMessage", new { chat_id = 1001, message_id = old }));
    }

    private async Task<long> SendAsync() => (long)(await _host.ResultAsync("sendMessage", new { chat_id = 1001, text = "¿Seguro?", reply_markup = Keyboard }))["message_id"]!;
}
