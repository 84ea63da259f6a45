using Rafaga.Bot.Intake;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

public sealed class UpdateMapperTests
{
    private static readonly UpdateMapper Mapper = new(123456, "RafagaBot");

    [Fact]
    public void A_text_joins_the_window_of_its_person()
    {
        var (id, json) = Text(900000001, 41, "Hola");
        var collect = Assert.IsType<UpdateOutcome.Collect>(Mapper.Map(Parse(json)));
        Assert.Equal(id, collect.UpdateId);
        Assert.Equal("telegram:123456:777:0:777", collect.Conversation.Value);
        Assert.Equal("m41", collect.Message.Id);
        Assert.Null(collect.Message.Group);
        Assert.Equal(0, collect.Message.Photos);
        Assert.Equal(json, collect.Message.Body.GetRawText());
    }

    [Fact]
    public void A_photo_of_an_album_carries_its_group_and_its_place()
    {
        var collect = Collected(Photo(1, 42, "At the beach", album: "14000000000000001").Json);
        Assert.Equal(("14000000000000001", 42L, 1), (collect.Message.Group, collect.Message.GroupOrder, collect.Message.Photos));
    }

    [Theory]
    [InlineData("sticker", """{"file_id":"CAAC","file_unique_id":"AgAD","width":512,"height":512,"emoji":"👍"}""")]
    [InlineData("voice", """{"file_id":"AwAC","file_unique_id":"AgAD","duration":3}""")]
    [InlineData("location", """{"latitude":40.4,"longitude":-3.7}""")]
    [InlineData("live_photo", """{"file_id":"x","file_unique_id":"y"}""")]
    [InlineData("invoice", """{"title":"x","total_amount":500}""")]
    [InlineData("a_kind_of_next_year", """{"any":"thing"}""")]
    public void Whatever_a_person_says_or_shows_is_collected(string member, string value) =>
        Assert.Equal("m5", Collected(Message(1, 5, $"\"{member}\":{value}").Json).Message.Id);

    [Fact]
    public void An_edit_is_an_item_of_its_own()
    {
        var edit = Message(7, 41, "\"text\":\"Hola, Ana\"", kind: "edited_message", extra: "\"edit_date\":1790000050,");
        Assert.Equal(("m41:e1790000050", "m41"), (Collected(edit.Json).Message.Id, Collected(edit.Json).Edits));
        Assert.Null(Collected(Text(7, 41, "Hola").Json).Edits);
    }

    [Fact]
    public void A_position_that_moves_is_taken_once()
    {
        const string Position = "\"location\":{\"latitude\":40.4,\"longitude\":-3.7,\"live_period\":3600}";
        Assert.Equal("m41", Collected(Message(7, 41, Position).Json).Message.Id);
        Assert.Equal("moving position", Ignored(Message(8, 41, Position, kind: "edited_message", extra: "\"edit_date\":1790000050,").Json));
    }

    [Theory]
    [InlineData("video", 1)]
    [InlineData("voice", 1)]
    [InlineData("audio", 1)]
    [InlineData("video_note", 1)]
    [InlineData("animation", 1)]
    [InlineData("document", 1)]
    [InlineData("sticker", 0)]
    public void Whatever_must_be_fetched_counts_as_a_photo(string member, int photos) =>
        Assert.Equal(photos, Collected(Message(1, 5, $"\"{member}\":{{\"file_id\":\"x\",\"file_unique_id\":\"y\"}}").Json).Message.Photos);

    [Fact]
    public void An_edit_without_a_date_is_known_by_its_update() =>
        Assert.Equal("u7", Collected(Message(7, 41, "\"text\":\"Hola\"", kind: "edited_message").Json).Message.Id);

    [Fact]
    public void In_a_group_everybody_has_a_window_of_their_own()
    {
        Assert.Equal("telegram:123456:-1001:0:777", Collected(Text(1, 1, "hi", chat: Group).Json).Conversation.Value);
        Assert.Equal("telegram:123456:-1001:0:888", Collected(Text(2, 2, "hi", LuisFrom, Group).Json).Conversation.Value);
    }

    [Fact]
    public void A_topic_is_part_of_the_conversation_but_a_thread_of_answers_is_not()
    {
        var topic = Message(1, 1, "\"text\":\"hi\"", chat: Group, extra: "\"message_thread_id\":9,\"is_topic_message\":true,");
        var thread = Message(2, 2, "\"text\":\"hi\"", chat: Group, extra: "\"message_thread_id\":9,");
        Assert.Equal("telegram:123456:-1001:9:777", Collected(topic.Json).Conversation.Value);
        Assert.Equal("telegram:123456:-1001:0:777", Collected(thread.Json).Conversation.Value);
    }

    [Theory]
    [InlineData("/done", "done", null)]
    [InlineData("/Listo", "listo", null)]
    [InlineData("/cancel@RafagaBot", "cancel", null)]
    [InlineData("/start  INVITE-7 ", "start", "INVITE-7")]
    [InlineData("/help\nplease", "help", "please")]
    [InlineData("/nonsense", "nonsense", null)]
    public void A_command_is_no_message(string text, string name, string? argument)
    {
        var command = Assert.IsType<UpdateOutcome.Command>(Mapper.Map(Parse(Text(3, 4, text).Json)));
        Assert.Equal((name, argument, "es"), (command.Name, command.Argument, command.Language));
        Assert.Equal(new ChatPlace(777, null), command.Chat);
        Assert.Equal("telegram:123456:777:0:777", command.Conversation.Value);
    }

    [Theory]
    [InlineData("/home/ana/photo.jpg is the file")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/¿qué?")]
    [InlineData(" /done")]
    [InlineData("either/or")]
    public void Not_everything_with_a_slash_is_a_command(string text) => Assert.Equal("m4", Collected(Text(3, 4, text).Json).Message.Id);

    [Theory]
    [InlineData("/done@OtherBot", "command for another bot")]
    [InlineData("/weather", "unknown command in a group")]
    public void In_a_group_commands_for_others_are_left_alone(string text, string reason) => Assert.Equal(reason, Ignored(Text(3, 4, text, chat: Group).Json));

    [Fact]
    public void In_a_group_our_own_commands_work_with_and_without_the_name()
    {
        Assert.IsType<UpdateOutcome.Command>(Mapper.Map(Parse(Text(3, 4, "/done", chat: Group).Json)));
        Assert.IsType<UpdateOutcome.Command>(Mapper.Map(Parse(Text(3, 4, "/weather@rafagabot", chat: Group).Json)));
    }

    [Fact]
    public void What_nobody_said_is_ignored_and_named()
    {
        Assert.Equal("poll_answer", Ignored("""{"update_id":1,"poll_answer":{"poll_id":"5"}}"""));
        Assert.Equal("channel_post", Ignored($$$"""{"update_id":1,"channel_post":{"message_id":1,"chat":{{{Group}}},"date":1,"text":"x"}}"""));
        Assert.Equal("unknown", Ignored("""{"update_id":1,"a kind\nwith a forged log line":{}}"""));
        Assert.Equal("unknown", Ignored("""{"update_id":1}"""));
        Assert.Equal("service message", Ignored(Message(1, 2, "\"new_chat_title\":\"x\"", chat: Group).Json));
        Assert.Equal("service message", Ignored(Message(1, 2, "\"left_chat_member\":{\"id\":5},\"left_chat_participant\":{\"id\":5}", chat: Group).Json));
        Assert.Equal("service message", Ignored(Message(1, 2, "\"is_from_offline\":true").Json));
        Assert.Equal("edited command", Ignored(Message(1, 2, "\"text\":\"/done\"", kind: "edited_message").Json));
        Assert.Equal("message of a bot", Ignored(Text(1, 2, "beep", from: """{"id":5,"is_bot":true,"first_name":"B"}""").Json));
        Assert.Equal("message without a sender", Ignored($$$"""{"update_id":1,"message":{"message_id":1,"sender_chat":{{{Group}}},"chat":{{{Group}}},"date":1,"text":"x"}}"""));
    }

    [Theory]
    [InlineData("es", "es")]
    [InlineData("es-419", "es")]
    [InlineData("en", "en")]
    [InlineData("de", "en")]
    [InlineData(null, "en")]
    public void Commands_are_answered_in_the_language_of_the_person(string? tag, string language)
    {
        var from = $$"""{"id":5,"is_bot":false,"first_name":"P"{{(tag is null ? "" : $",\"language_code\":\"{tag}\"")}}}""";
        Assert.Equal(language, Assert.IsType<UpdateOutcome.Command>(Mapper.Map(Parse(Text(1, 2, "/help", from).Json))).Language);
    }

    private static UpdateOutcome.Collect Collected(string json) => Assert.IsType<UpdateOutcome.Collect>(Mapper.Map(Parse(json)));

    private static string Ignored(string json) => Assert.IsType<UpdateOutcome.Ignore>(Mapper.Map(Parse(json))).Reason;
}
