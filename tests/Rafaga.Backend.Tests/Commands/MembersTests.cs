using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Commands;

public abstract class MembersTests(DatabaseKind database)
{
    [Fact]
    public async Task Whoever_is_taken_out_sees_no_more_of_the_event_takes_the_own_photos_along_and_cannot_come_back_by_the_code()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, luis, code) = await WeddingAsync(host);
        Assert.Equal("• Boda: Luis (@luis)", await host.TellAsync(ana.Command(PersonCommand.Members)));

        Assert.Equal("Luis ya no está en «Boda», ni sus fotos. Las invitaciones abiertas ya no valen.", await host.TellAsync(ana.Command(PersonCommand.Remove, "LUIS")));
        Assert.Equal("En tus eventos no hay nadie más.", await host.TellAsync(ana.Command(PersonCommand.Members)));
        Assert.Equal([("Ana", "Boda"), ("Luis", null)], (await host.MemoriesAsync()).Select(m => (m.GetProperty("owner").GetString(), m.GetProperty("event").GetString())));
        Assert.Equal(1, (await host.GetAsync("/api/events")).GetProperty("events")[0].GetProperty("memories").GetInt32());
        Assert.StartsWith("This invitation", await host.TellAsync(luis.Command(PersonCommand.Join, code)), StringComparison.Ordinal);

        host.Model.Answers(_ => ScriptedChatClient.Say("Hi."));
        await host.ReplyAsync(luis.Text("hi").Seal());
        Assert.Empty(host.Model.Requests[^1].Context.GetProperty("events").EnumerateArray());
        // Nor does the photo go back there by undo.
        await host.TellAsync(luis.Command(PersonCommand.Undo));
        Assert.Null((await host.MemoriesAsync("person=luis"))[0].GetProperty("event").GetString());
    }

    [Fact]
    public async Task A_guest_can_leave_and_nobody_takes_people_out_of_an_event_of_others()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, luis, _) = await WeddingAsync(host);
        Assert.Equal("There is nobody called “Ana” in your events.", await host.TellAsync(luis.Command(PersonCommand.Remove, "Ana")));
        Assert.Equal("No participas en ningún evento ajeno que se llame «Boda».", await host.TellAsync(ana.Command(PersonCommand.Leave, "Boda")));
        Assert.Equal("You are no longer in “Boda”. Your photos stay with you, without an event.", await host.TellAsync(luis.Command(PersonCommand.Leave, "boda")));
        Assert.Equal("En tus eventos no hay nadie más.", await host.TellAsync(ana.Command(PersonCommand.Members)));
        Assert.Equal(2, (await host.MemoriesAsync()).Count);
    }

    [Fact]
    public async Task Of_two_guests_of_one_name_none_is_taken_out_but_by_the_user_name()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, _, code) = await WeddingAsync(host);
        await host.TellAsync(new Chat(1009, "luis", "es", 1009).Command(PersonCommand.Join, code));
        Assert.StartsWith("En tus eventos hay varias personas", await host.TellAsync(ana.Command(PersonCommand.Remove, "Luis")), StringComparison.Ordinal);
        Assert.StartsWith("Di también a quién", await host.TellAsync(ana.Command(PersonCommand.Remove)), StringComparison.Ordinal);
        Assert.Equal(2, (await host.TellAsync(ana.Command(PersonCommand.Members))).Split(", ").Length);
    }

    private static async Task<(Chat Ana, Chat Luis, string Code)> WeddingAsync(BackendHost host)
    {
        var (ana, luis, code) = (Chat.Ana(), Chat.Luis(), "");
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Boda" }), ("add_memory", new { photo = "P1", @event = "E1" }), ("share_event", new { @event = "E1" })),
            _ => ScriptedChatClient.Say($"Guardé 1 foto. {code = asked.Results[^1].GetProperty("code").GetString()!}"),
        });
        await host.ReplyAsync(ana.Photo("photo1").Seal());
        await host.TellAsync(luis.Command(PersonCommand.Join, code));
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1" })) : ScriptedChatClient.Say("Saved 1 photo."));
        await host.ReplyAsync(luis.Photo("photo2").Seal());
        return (ana, luis, code);
    }
}
