using System.Text.Json;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram.Tests.Client;

/// <summary>What the types make of updates as Telegram writes them.</summary>
public sealed class UpdateJsonTests
{
    private const string Ana = """{"id":777,"is_bot":false,"first_name":"Ana","language_code":"es"}""";
    private const string Chat = """{"id":777,"first_name":"Ana","type":"private"}""";

    [Fact]
    public void A_press_of_a_button_tells_who_where_and_what()
    {
        var press = Read($$$"""{"update_id":1,"callback_query":{"id":"42","from":{{{Ana}}},"message":{"message_id":9,"date":0,"chat":{{{Chat}}} },"chat_instance":"-7","data":"f:u:1"}}""").CallbackQuery!;
        Assert.Equal(("42", 777, 9, "f:u:1"), (press.Id, press.From.Id, press.Message!.MessageId, press.Data));
    }

    [Fact]
    public void A_bot_that_was_blocked_hears_of_it()
    {
        var change = Read($$$"""
            {"update_id":1,"my_chat_member":{"chat":{{{Chat}}},"from":{{{Ana}}},"date":1790000000,
             "old_chat_member":{"user":{"id":1,"is_bot":true,"first_name":"B"},"status":"member"},
             "new_chat_member":{"user":{"id":1,"is_bot":true,"first_name":"B"},"status":"kicked","until_date":0} }}
            """).MyChatMember!;
        Assert.Equal((777, "member", "kicked"), (change.Chat.Id, change.OldChatMember.Status, change.NewChatMember.Status));
    }

    [Fact]
    public void A_reaction_tells_what_it_was_and_is()
    {
        var change = Read($$$"""
            {"update_id":1,"message_reaction":{"chat":{{{Chat}}},"message_id":9,"user":{{{Ana}}},"date":1790000000,
             "old_reaction":[],"new_reaction":[{"type":"emoji","emoji":"👍"},{"type":"custom_emoji","custom_emoji_id":"5"},{"type":"paid"}]}}
            """).MessageReaction!;
        Assert.Empty(change.OldReaction);
        Assert.Equal(["👍", null, null], change.NewReaction.Select(r => r.Emoji));
    }

    [Theory]
    [InlineData("""{"video":{"duration":9,"width":1,"height":1,"file_name":"v.mp4","mime_type":"video/mp4","thumbnail":{"file_id":"t","file_unique_id":"u","width":1,"height":1},"file_id":"F","file_unique_id":"U","file_size":5}}""")]
    [InlineData("""{"video_note":{"duration":9,"length":240,"file_id":"F","file_unique_id":"U","file_size":5}}""")]
    [InlineData("""{"voice":{"duration":9,"mime_type":"audio/ogg","file_id":"F","file_unique_id":"U","file_size":5}}""")]
    [InlineData("""{"audio":{"duration":9,"performer":"P","title":"T","file_id":"F","file_unique_id":"U","file_size":5}}""")]
    [InlineData("""{"animation":{"duration":9,"width":1,"height":1,"file_id":"F","file_unique_id":"U","file_size":5},"document":{"file_id":"F","file_unique_id":"U"}}""")]
    [InlineData("""{"sticker":{"width":512,"height":512,"emoji":"🎂","is_animated":false,"is_video":false,"type":"regular","file_id":"F","file_unique_id":"U","file_size":5}}""")]
    public void Each_kind_of_file_has_its_identity_and_size(string content)
    {
        var message = MessageOf(content);
        FileReference file = message.Animation ?? (FileReference?)message.Video ?? (FileReference?)message.VideoNote ?? (FileReference?)message.Voice ?? (FileReference?)message.Audio ?? message.Sticker!;
        Assert.Equal(("F", "U", 5), (file.FileId, file.FileUniqueId, file.FileSize));
    }

    [Fact]
    public void Places_people_and_origins_are_read()
    {
        var venue = MessageOf("""{"venue":{"location":{"latitude":40.4,"longitude":-3.7},"title":"Casa Lola","address":"Calle 1"},"location":{"latitude":40.4,"longitude":-3.7}}""");
        Assert.Equal(new Venue(new Location(40.4, -3.7), "Casa Lola", "Calle 1"), venue.Venue);
        Assert.Equal(new Location(40.4, -3.7), venue.Location);
        Assert.Equal(new Contact("+34600", "Luis") { UserId = 5 }, MessageOf("""{"contact":{"phone_number":"+34600","first_name":"Luis","vcard":"x","user_id":5}}""").Contact);
        var origin = MessageOf("""{"forward_origin":{"type":"hidden_user","sender_user_name":"Abuela","date":1500000000},"text":"x"}""").ForwardOrigin!;
        Assert.Equal(("hidden_user", 1500000000, "Abuela"), (origin.Type, origin.Date, origin.SenderUserName));
    }

    [Fact]
    public void Replies_edits_mentions_and_topics_are_read()
    {
        var message = MessageOf($$$"""
            {"message_thread_id":3,"is_topic_message":true,"edit_date":1790000009,"text":"@bot hola","entities":[{"type":"mention","offset":0,"length":4}],
             "reply_to_message":{"message_id":4,"date":1790000000,"chat":{{{Chat}}},"text":"¿Quién sale?"}}
            """);
        Assert.Equal((3, true, 1790000009, 4), (message.MessageThreadId, message.IsTopicMessage, message.EditDate, message.ReplyToMessage!.MessageId));
        Assert.Equal([new MessageEntity("mention", 0, 4)], message.Entities);
    }

    private static Message MessageOf(string content) =>
        Read($$$"""{"update_id":1,"message":{"message_id":9,"date":1790000000,"from":{{{Ana}}},"chat":{{{Chat}}},"news_of_2027":[{"x":1}],{{{content.Trim()[1..^1]}}} }}""").Message!;

    private static Update Read(string json) => JsonSerializer.Deserialize(json, TelegramJson.Default.Update)!;
}
