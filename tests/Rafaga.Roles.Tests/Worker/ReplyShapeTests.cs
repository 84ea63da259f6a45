using System.Text.Json.Nodes;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

/// <summary>What a reply looks like in the chat: markup, buttons, and what it answers.</summary>
public sealed class ReplyShapeTests
{
    private static readonly ConversationId Group = new("telegram:123456:-1001:7:777");
    private static readonly string Long = string.Join(' ', Enumerable.Range(0, 2000).Select(i => $"word{i}"));

    [Fact]
    public async Task In_a_group_the_reply_answers_the_last_message_and_the_rest_of_it_makes_no_sound()
    {
        var sent = await SendAsync(batch => new BatchReply(batch, BatchStatus.Done, Long), Group, messages: 3);
        Assert.Equal(5, sent.Count);
        Assert.Equal("""{"message_id":3,"allow_sending_without_reply":true}""", sent[0]["reply_parameters"]!.ToJsonString());
        Assert.Null(sent[0]["disable_notification"]);
        Assert.All(sent.Skip(1), part => Assert.Equal((null, true), (part["reply_parameters"], (bool)part["disable_notification"]!)));
        Assert.All(sent, part => Assert.Equal((-1001, 7), ((long)part["chat_id"]!, (long)part["message_thread_id"]!)));
    }

    [Fact]
    public async Task In_a_private_chat_it_needs_to_answer_nothing()
    {
        var sent = Assert.Single(await SendAsync(batch => new BatchReply(batch, BatchStatus.Done, "hola")));
        Assert.Equal("""{"text":"hola","chat_id":777}""", sent.ToJsonString());
    }

    [Fact]
    public async Task The_thumbs_stand_under_the_last_part_and_carry_the_batch()
    {
        var batchId = "";
        var sent = await SendAsync(batch => new BatchReply(batchId = batch, BatchStatus.Done, Long), feedback: true);
        Assert.All(sent.SkipLast(1), part => Assert.Null(part["reply_markup"]));
        Assert.Equal([[("👍", $"f:u:{batchId}"), ("👎", $"f:d:{batchId}")]], Buttons(sent[^1]));
    }

    [Fact]
    public async Task Choices_stand_above_the_thumbs_short_ones_in_a_row()
    {
        var batchId = "";
        var sent = await SendAsync(batch => new BatchReply(batchId = batch, BatchStatus.Done, "¿Cuál?", Choices: ["La playa", " ", "Cumpleaños", "Otro", "Nada"]), feedback: true);
        Assert.Equal(
            [
                [("La playa", $"c:0:{batchId}"), ("Cumpleaños", $"c:1:{batchId}"), ("Otro", $"c:2:{batchId}")],
                [("Nada", $"c:3:{batchId}")],
                [("👍", $"f:u:{batchId}"), ("👎", $"f:d:{batchId}")],
            ],
            Buttons(Assert.Single(sent)));
    }

    [Fact]
    public async Task Long_choices_stand_one_below_the_other_cut_between_characters_and_not_without_end()
    {
        var family = string.Concat(Enumerable.Repeat("👨‍👩‍👧", 20));
        var sent = await SendAsync(batch => new BatchReply(batch, BatchStatus.Done, "¿Cuál?", Choices: [family, .. Enumerable.Repeat("x", 20)]));
        var rows = Buttons(Assert.Single(sent));
        Assert.Equal(ReplyButton.MaxChoices, rows.Count);
        Assert.All(rows, row => Assert.Single(row));
        Assert.Equal(string.Concat(Enumerable.Repeat("👨‍👩‍👧", 7)) + "…", rows[0][0].Text);
    }

    [Theory]
    [InlineData(ReplyFormat.Html, "HTML")]
    [InlineData(ReplyFormat.MarkdownV2, "MarkdownV2")]
    [InlineData("bbcode", null)]
    [InlineData(null, null)]
    public async Task A_format_goes_to_Telegram_and_an_unknown_one_is_plain(string? format, string? mode) =>
        Assert.Equal(mode, (string?)Assert.Single(await SendAsync(batch => new BatchReply(batch, BatchStatus.Done, "*hola*", Format: format)))["parse_mode"]);

    [Fact]
    public async Task Markup_that_Telegram_refuses_is_sent_as_it_stands()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Answer(batch => new BatchReply(batch, BatchStatus.Done, "<b>hola", Format: ReplyFormat.Html));
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(400, "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var done = await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(["<b>hola"], rig.Replies);
        Assert.Equal(["HTML", null], rig.Telegram.Calls("sendMessage").Select(c => (string?)c.Arguments["parse_mode"]));
        Assert.Equal(1, done.Attempt);
        Assert.Empty(rig.Measured("rafaga.replies.ambiguous"));
    }

    private static async Task<IReadOnlyList<JsonNode>> SendAsync(Func<string, BatchReply> reply, ConversationId? conversation = null, int messages = 1, bool feedback = false)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Answer(reply);
        var id = await rig.BatchAsync(messages, conversation);
        await rig.WorkAsync(feedback: feedback);
        await rig.UntilAsync(id, BatchState.Done);
        return [.. rig.Telegram.Calls("sendMessage").Select(c => c.Arguments)];
    }

    private static List<List<(string Text, string Data)>> Buttons(JsonNode message) =>
        [.. message["reply_markup"]!["inline_keyboard"]!.AsArray().Select(row => row!.AsArray().Select(b => ((string)b!["text"]!, (string)b["callback_data"]!)).ToList())];
}
