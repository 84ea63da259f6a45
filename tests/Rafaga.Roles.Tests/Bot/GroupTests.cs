using Microsoft.Extensions.DependencyInjection;
using Rafaga.Bot;
using Rafaga.Bot.Intake;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

public sealed class GroupTests
{
    private const long Start = 1790000000;
    private const string Album = "14000000000000001";
    private static readonly UpdateMapper Mapper = new(123456, "RafagaBot");

    [Theory]
    [InlineData("@RafagaBot hola", "mention", 0, 10, nameof(Addressee.Bot))]
    [InlineData("hola @rafagabot", "mention", 5, 10, nameof(Addressee.Bot))]
    [InlineData("👋 @RafagaBot", "mention", 3, 10, nameof(Addressee.Bot))]
    [InlineData("hola @RafagaBotito", "mention", 5, 13, nameof(Addressee.Others))]
    [InlineData("hola @luis", "mention", 5, 5, nameof(Addressee.Others))]
    [InlineData("hola", "bold", 0, 4, nameof(Addressee.Nobody))]
    [InlineData("@RafagaBot", "mention", -1, 10, nameof(Addressee.Others))]
    [InlineData("@RafagaBot", "mention", 0, 2000000000, nameof(Addressee.Others))]
    [InlineData("@RafagaBot", "mention", 2000000000, 2000000000, nameof(Addressee.Others))]
    public void A_mention_is_what_Telegram_has_marked_as_one(string text, string type, int offset, int length, string expected) =>
        Assert.Equal(expected, Of($$"""
            "text":{{Quote(text)}},"entities":[null,{"type":"{{type}}","offset":{{offset}},"length":{{length}}}]
            """));

    [Theory]
    [InlineData(123456, nameof(Addressee.Bot))]
    [InlineData(888, nameof(Addressee.Others))]
    public void A_mention_of_somebody_without_a_public_name_says_who_it_is(long id, string expected) =>
        Assert.Equal(expected, Of($$$"""
            "text":"mira","entities":[{"type":"text_mention","offset":0,"length":4,"user":{"id":{{{id}}},"is_bot":false,"first_name":"X"}}]
            """));

    [Fact]
    public void A_caption_mentions_as_a_text_does() =>
        Assert.Equal(nameof(Addressee.Bot), Of("""
            "photo":[],"caption":"@RafagaBot","caption_entities":[{"type":"mention","offset":0,"length":10}]
            """));

    [Theory]
    [InlineData(123456, nameof(Addressee.Bot))]
    [InlineData(888, nameof(Addressee.Others))]
    [InlineData(777, nameof(Addressee.Nobody))]
    public void An_answer_is_for_whom_it_answers(long author, string expected) => Assert.Equal(expected, Of(Answer(author, 5)));

    [Theory]
    [InlineData(9, nameof(Addressee.Nobody))]
    [InlineData(10, nameof(Addressee.Others))]
    public void In_a_topic_every_message_answers_the_one_that_opened_it_which_says_nothing(long answered, string expected) =>
        Assert.Equal(expected, Of(Answer(888, answered), "\"message_thread_id\":9,\"is_topic_message\":true,"));

    [Fact]
    public void In_private_and_where_it_takes_everything_all_is_for_the_bot()
    {
        var json = Parse(Text(1, 1, "hola", chat: Group).Json);
        Assert.Equal(Addressee.Bot, Assert.IsType<UpdateOutcome.Collect>(new UpdateMapper(123456, "RafagaBot", GroupMode.All).Map(json)).Addressee);
        Assert.Equal(Addressee.Bot, Assert.IsType<UpdateOutcome.Collect>(Mapper.Map(Parse(Text(1, 1, "hola").Json))).Addressee);
    }

    [Fact]
    public void Posts_of_a_channel_that_Telegram_repeats_in_its_group_are_nobodys()
    {
        var post = Text(1, 1, "news", from: """{"id":777000,"is_bot":false,"first_name":"Telegram"}""", chat: Group).Json;
        Assert.Equal("post of a channel", Assert.IsType<UpdateOutcome.Ignore>(Mapper.Map(Parse(post))).Reason);
    }

    [Fact]
    public async Task Only_what_calls_the_bot_and_the_rest_of_that_burst_is_collected()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(
            Said(1, "nobody's business", at: 0),
            Said(2, "@RafagaBot look at these", at: 20),
            Picture(3, at: 25),
            Said(4, "@luis are you coming?", at: 26),
            Picture(5, at: 35),
            Said(6, "from Luis", at: 36, from: LuisFrom),
            Said(7, "long after", at: 60));
        Assert.Equal((3, 4), Counts(await rig.TakeAsync()));
        Assert.Equal(["m2", "m3", "m5"], await rig.StoredAsync());
    }

    [Fact]
    public async Task Somebody_who_chats_on_with_others_is_let_go()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue([Said(1, "@RafagaBot hola", at: 0), .. Enumerable.Range(2, 30).Select(i => Said(i, "bla", at: (i - 1) * 8))]);
        await rig.TakeAsync();
        Assert.Equal(Enumerable.Range(1, 8).Select(i => $"m{i}"), await rig.StoredAsync());
    }

    [Fact]
    public async Task A_burst_that_arrives_late_and_after_a_restart_is_still_one()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Said(1, "@RafagaBot look", at: 0));
        await rig.TakeAsync();
        rig.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Single((await rig.Store.ClaimAsync(1, TestContext.Current.CancellationToken)).Batches);
        rig.Restart();
        rig.Telegram.Enqueue(Picture(2, at: 5));
        await rig.TakeAsync();
        Assert.Equal(["m1", "m2"], await rig.StoredAsync());
    }

    [Fact]
    public async Task What_was_dropped_by_order_draws_nothing_after_it()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Said(1, "@RafagaBot look", at: 0), Said(2, "/cancel", at: 1), Picture(3, at: 2));
        await rig.TakeAsync();
        Assert.Equal((0, 1), Counts(await rig.TakeAsync()));
        Assert.Equal(["m1"], await rig.StoredAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_album_counts_as_a_whole_whichever_member_calls_the_bot(int caller)
    {
        await using var rig = await BotRig.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            rig.Telegram.Enqueue(Picture(i + 1, at: 0, album: Album, caption: i == caller ? "@RafagaBot la playa" : null));
            await rig.TakeAsync();
        }

        Assert.Equal(["m1", "m2", "m3"], await rig.StoredAsync());
        Assert.Equal(3, Assert.Single(await rig.BatchesAsync()).PhotoCount);
    }

    [Fact]
    public async Task An_album_that_calls_nobody_leaves_no_trace()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue([.. Enumerable.Range(1, 3).Select(i => Picture(i, at: 0, album: Album))]);
        await rig.TakeAsync();
        rig.Telegram.Enqueue(Picture(4, at: 300, caption: "@RafagaBot otra cosa"));
        await rig.TakeAsync();
        Assert.Equal(["m4"], await rig.StoredAsync());
    }

    [Fact]
    public async Task A_member_that_comes_after_its_album_was_taken_belongs_to_it_also_in_another_process()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Picture(1, at: 0, album: Album, caption: "@RafagaBot la playa"));
        await rig.TakeAsync();
        rig.Time.Advance(TimeSpan.FromMinutes(20));
        await rig.Store.ClaimAsync(1, TestContext.Current.CancellationToken);
        rig.Restart();
        rig.Telegram.Enqueue(Picture(2, at: 900, album: Album), Picture(3, at: 900, album: "another"));
        Assert.Equal((1, 1), Counts(await rig.TakeAsync()));
        Assert.Equal(["m1", "m2"], await rig.StoredAsync());
    }

    [Fact]
    public async Task Members_that_could_not_be_stored_are_taken_with_the_next_try()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Picture(1, at: 0, album: Album));
        await rig.TakeAsync();
        var appends = 0;
        rig.Store.Before = operation => operation == "AppendAsync" && ++appends == 2 ? throw new IOException("disk full") : Task.CompletedTask;
        rig.Telegram.Enqueue(Picture(2, at: 0, album: Album, caption: "@RafagaBot la playa"));
        Assert.IsType<PollOutcome.Failed>(await rig.PollAsync());
        await rig.TakeAsync();
        Assert.Equal(["m1", "m2"], await rig.StoredAsync());
    }

    [Fact]
    public async Task An_edit_of_what_was_taken_is_taken_and_of_what_was_not_is_not()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Said(1, "@RafagaBot look", at: 0), Picture(2, at: 5), Said(3, "long after", at: 400));
        await rig.TakeAsync();
        var (taken, left) = (Edited(2, "\"photo\":[],\"caption\":\"la playa\"", at: 500), Edited(3, "\"text\":\"long after!\"", at: 501));
        rig.Telegram.Enqueue(taken, left);
        Assert.Equal((1, 1), Counts(await rig.TakeAsync()));
    }

    [Fact]
    public async Task An_edit_of_what_was_taken_is_taken_though_it_names_somebody_else()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Said(1, "@RafagaBot look", at: 0), Picture(2, at: 5), Said(3, "@maria look", at: 6));
        await rig.TakeAsync();
        const string Maria = "\"caption\":\"@maria\",\"caption_entities\":[{\"type\":\"mention\",\"offset\":0,\"length\":6}]";
        rig.Telegram.Enqueue(Edited(2, $"\"photo\":[],{Maria}", at: 500), Edited(3, "\"text\":\"@maria\",\"entities\":[{\"type\":\"mention\",\"offset\":0,\"length\":6}]", at: 501));
        Assert.Equal((1, 1), Counts(await rig.TakeAsync()));
    }

    [Fact]
    public async Task Where_it_takes_everything_it_does()
    {
        await using var rig = await BotRig.StartAsync(groups: GroupMode.All);
        rig.Telegram.Enqueue(Said(1, "hola", at: 0), Said(2, "@luis hola", at: 1));
        Assert.Equal((2, 0), Counts(await rig.TakeAsync()));
    }

    [Theory]
    [InlineData("es", "left", "member", "¡Hola a todos!")]
    [InlineData("en", "kicked", "administrator", "Hello everybody!")]
    public async Task Added_to_a_group_it_greets_once_in_the_language_of_whoever_added_it(string language, string before, string after, string greeting)
    {
        await using var rig = await BotRig.StartAsync();
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        var added = Standing(1, Group, before, after, language);
        rig.Telegram.Enqueue(added);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count == 1);
        await rig.Host.Services.GetRequiredService<StandingDesk>().HandleAsync(Assert.IsType<UpdateOutcome.Standing>(Mapper.Map(Parse(added.Json))), TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue(Standing(2, Group, "member", "administrator", language), Standing(3, Group, "administrator", "kicked", language), Standing(4, AnaChat, "kicked", "member", language));
        await Patience.UntilAsync(() => rig.Telegram.Unconfirmed.Count == 0);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        var (chat, text) = Assert.Single(rig.Telegram.Delivered);
        Assert.Equal(-1001, chat);
        Assert.StartsWith(greeting, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("private", "member", "kicked", nameof(StandingChange.Blocked))]
    [InlineData("private", "kicked", "member", nameof(StandingChange.Unblocked))]
    [InlineData("supergroup", "administrator", "left", nameof(StandingChange.Removed))]
    [InlineData("group", "left", "restricted", nameof(StandingChange.Added))]
    public void What_became_of_the_bot_is_understood(string chat, string before, string after, string expected) =>
        Assert.Equal(expected, Assert.IsType<UpdateOutcome.Standing>(Mapper.Map(Parse(Standing(1, $$"""{"id":-5,"type":"{{chat}}"}""", before, after, "en").Json))).Change.ToString());

    [Fact]
    public void A_change_of_rights_and_a_channel_are_nothing_to_greet()
    {
        Assert.IsType<UpdateOutcome.Ignore>(Mapper.Map(Parse(Standing(1, Group, "member", "administrator", "en").Json)));
        Assert.IsType<UpdateOutcome.Ignore>(Mapper.Map(Parse(Standing(1, """{"id":-5,"type":"channel"}""", "left", "administrator", "en").Json)));
    }

    private static (int Collected, int Ignored) Counts(TakenPage page) => (page.Collected, page.Ignored);

    private static string Of(string content, string extra = "") =>
        Assert.IsType<UpdateOutcome.Collect>(Mapper.Map(Parse(Message(1, 11, content.Trim(), chat: Group, extra: extra).Json))).Addressee.ToString();

    private static string Answer(long author, long answered) =>
        $$$"""
        "text":"hola","reply_to_message":{"message_id":{{{answered}}},"date":1,"chat":{{{Group}}},"from":{"id":{{{author}}},"is_bot":false,"first_name":"X"},"text":"?"}
        """.Trim();

    private static (long Id, string Json) Said(long id, string text, long at, string from = AnaFrom)
    {
        var name = text.Split(' ')[0];
        var entities = name.StartsWith('@') ? $",\"entities\":[{{\"type\":\"mention\",\"offset\":0,\"length\":{name.Length}}}]" : "";
        return Dated(Message(id, id, $"\"text\":{Quote(text)}{entities}", from, Group), at);
    }

    private static (long Id, string Json) Picture(long id, long at, string? album = null, string? caption = null)
    {
        var (update, json) = Photo(id, id, caption, album);
        if (caption is not null) json = json[..^2] + ",\"caption_entities\":[{\"type\":\"mention\",\"offset\":0,\"length\":10}]}}";
        return Dated((update, json.Replace(AnaChat, Group, StringComparison.Ordinal)), at);
    }

    private static (long Id, string Json) Edited(long message, string content, long at) =>
        Message(message + 100, message, content, chat: Group, kind: "edited_message", extra: $"\"edit_date\":{Start + at},");

    private static (long Id, string Json) Standing(long id, string chat, string before, string after, string language) =>
        (id, $$$$"""
        {"update_id":{{{{id}}}},"my_chat_member":{"chat":{{{{chat}}}},"from":{"id":777,"is_bot":false,"first_name":"Ana","language_code":"{{{{language}}}}"},"date":1790000000,
         "old_chat_member":{"status":"{{{{before}}}}","user":{"id":123456,"is_bot":true,"first_name":"B"}},"new_chat_member":{"status":"{{{{after}}}}","user":{"id":123456,"is_bot":true,"first_name":"B"} } } }
        """);

    private static (long Id, string Json) Dated((long Id, string Json) update, long at) =>
        (update.Id, update.Json.Replace($"\"date\":{Start},", $"\"date\":{Start + at},", StringComparison.Ordinal));
}
