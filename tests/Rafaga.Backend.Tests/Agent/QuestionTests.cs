using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Agent;

public abstract class QuestionTests(DatabaseKind database)
{
    [Fact]
    public async Task The_answer_to_the_question_updates_the_memories_that_it_was_about()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Photo("photo1").Photo("photo2").Photo("photo3").Seal());

        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls([.. asked.Context.GetProperty("pending_question").GetProperty("memories").EnumerateArray()
                .Select(memory => ("update_memory", (object)new { memory = memory.GetString(), text = "El cumpleaños de mi hermana" }))])
            : ScriptedChatClient.Say("Anotado."));
        var reply = await host.ReplyAsync(ana.Text("Era el cumpleaños de mi hermana").Seal("answer"));

        Assert.Equal(3, reply.Stats!.MemoriesUpdated);
        Assert.All(await host.MemoriesAsync("q=hermana"), memory => Assert.Equal(2, memory.GetProperty("revision").GetInt32()));
        await using var db = host.Open();
        Assert.Equal("answer", (await db.Questions.SingleAsync(TestContext.Current.CancellationToken)).AnsweredBy);

        host.Model.Answers(_ => ScriptedChatClient.Say("De nada."));
        await host.ReplyAsync(ana.Text("gracias").Seal());
        Assert.False(host.Model.Requests[^1].Context.TryGetProperty("pending_question", out _));
    }

    [Fact]
    public async Task A_question_stays_pending_until_it_is_answered_and_is_dropped_after_seven_days()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Photo("photo1").Seal());
        host.Model.Answers(_ => ScriptedChatClient.Say("Aquí estoy."));

        await host.ReplyAsync(ana.Text("un momento").Seal());
        var pending = host.Model.Requests[^1].Context.GetProperty("pending_question");
        Assert.Equal("¿Qué me cuentas de ellas?", pending.GetProperty("text").GetString());
        Assert.Equal("M1", pending.GetProperty("memories")[0].GetString());

        host.Time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        await host.ReplyAsync(ana.Text("ya").Seal());
        Assert.False(host.Model.Requests[^1].Context.TryGetProperty("pending_question", out _));
    }

    [Theory]
    [InlineData("Guardé 3 fotos. ¿Qué celebraban?", "¿Qué celebraban?")]
    [InlineData("¿Bien? ¿Y dónde fue?", "¿Y dónde fue?")]
    [InlineData("Saved! What was it about?\nThanks.", "What was it about?")]
    [InlineData("Dime, ¿con quién estabas?", "¿con quién estabas?")]
    [InlineData("No hay nada que preguntar.", null)]
    [InlineData("?", null)]
    [InlineData("", null)]
    public void The_question_of_a_reply_is_its_last_sentence_with_a_question_mark(string reply, string? question) =>
        Assert.Equal(question, Claims.Question(reply));
}
