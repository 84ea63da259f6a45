using System.Globalization;
using System.Text;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Commands;

/// <summary>/eventos and /recuerdos.</summary>
public abstract class MemoryListTests(DatabaseKind database)
{
    [Fact]
    public async Task Who_has_nothing_is_told_how_to_begin_and_is_not_made_known_by_asking()
    {
        await using var host = await BackendHost.StartAsync(database);
        Assert.StartsWith("Todavía no tienes eventos.", await host.TellAsync(Chat.Ana().Command(PersonCommand.Events)), StringComparison.Ordinal);
        Assert.StartsWith("I keep no memories of yours yet.", await host.TellAsync(Chat.Luis().Command(PersonCommand.Memories)), StringComparison.Ordinal);
        Assert.Equal("No encuentro recuerdos con «playa».", await host.TellAsync(Chat.Ana().Command(PersonCommand.Memories, "playa")));
        await using var db = host.Open();
        Assert.Empty(db.Users);
        Assert.Empty(db.Commands);
    }

    [Fact]
    public async Task Events_are_listed_with_their_counts_and_a_button_opens_each()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await host.SaveAsync(ana, "Boda", ("photo1", "la tarta"), ("photo2", "el baile"));
        await host.SaveAsync(ana, "Playa", ("photo3", "las olas"));
        var listed = await host.AskAsync(ana.Command(PersonCommand.Events));
        Assert.Equal("Tus 2 eventos:\n• Playa · 1 recuerdo\n• Boda · 2 recuerdos", listed.Text);
        Assert.Equal(["Playa", "Boda"], listed.Buttons!.Select(button => button.Label));

        var opened = await host.AskAsync(ana.Command(listed.Buttons![1].Name, listed.Buttons[1].Argument));
        Assert.StartsWith("«Boda», 2 recuerdos:\n1. ", opened.Text, StringComparison.Ordinal);
        Assert.Contains("Boda · el baile", opened.Text, StringComparison.Ordinal);
        Assert.Equal([("photo2", "photo", "1. el baile"), ("photo1", "photo", "2. la tarta")], opened.Files!.Select(file => (file.FileId, file.Kind, file.Caption)));
        Assert.Null(opened.Buttons);
    }

    [Fact]
    public async Task Memories_are_found_by_words_and_by_the_name_of_an_event()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await host.SaveAsync(ana, "Boda", ("photo1", "la tarta"), ("photo2", "el baile en la playa"));
        await host.SaveAsync(ana, "Playa", ("photo3", "las olas"));
        Assert.StartsWith("1 recuerdo con «baile»:", await host.TellAsync(ana.Command(PersonCommand.Memories, "baile")), StringComparison.Ordinal);
        Assert.StartsWith("«Playa», 1 recuerdo:", await host.TellAsync(ana.Command(PersonCommand.Memories, "PLAYA")), StringComparison.Ordinal);
        Assert.StartsWith("Tus 3 recuerdos, los últimos primero:", await host.TellAsync(ana.Command(PersonCommand.Memories)), StringComparison.Ordinal);
        Assert.Equal("No encuentro recuerdos con «\"; DROP».", await host.TellAsync(ana.Command(PersonCommand.Memories, "\"; DROP")));
    }

    [Fact]
    public async Task What_does_not_fit_waits_behind_a_button()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await host.SaveAsync(ana, "Boda", [.. Enumerable.Range(1, 12).Select(i => ($"photo{i}", $"foto {i.ToString(CultureInfo.InvariantCulture)}"))]);
        foreach (var command in new[] { ana.Command(PersonCommand.Memories), ana.Command(PersonCommand.Memories, "foto"), ana.Command(PersonCommand.Memories, "boda") })
        {
            var first = await host.AskAsync(command);
            Assert.Equal(10, first.Files!.Count);
            var more = Assert.Single(first.Buttons!);
            Assert.Equal("Más", more.Label);
            Assert.InRange(Encoding.UTF8.GetByteCount($"{more.Name}:{more.Argument}"), 1, CommandButton.MaxBytes);
            var second = await host.AskAsync(ana.Command(more.Name, more.Argument));
            Assert.Equal(["11. foto 2", "12. foto 1"], second.Files!.Select(file => file.Caption));
            Assert.Null(second.Buttons);
        }
    }

    [Fact]
    public async Task Nobody_sees_events_and_memories_of_others_without_having_joined()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, luis) = (Chat.Ana(), Chat.Luis());
        await host.SaveAsync(ana, "Boda", ("photo1", "la tarta"));
        var button = (await host.AskAsync(ana.Command(PersonCommand.Events))).Buttons![0];
        Assert.Equal("That event is no longer there.", await host.TellAsync(luis.Command(button.Name, button.Argument)));
        Assert.Equal("I find no memories with “tarta”.", await host.TellAsync(luis.Command(PersonCommand.Memories, "tarta")));
        Assert.Equal("I find no memories with “Boda”.", await host.TellAsync(luis.Command(PersonCommand.Memories, "Boda")));

        await host.JoinAsync(luis, "Boda");
        Assert.Equal("Your event:\n• Boda · 1 memory · by Ana", await host.TellAsync(luis.Command(PersonCommand.Events)));
        Assert.EndsWith("Boda · la tarta · by Ana", await host.TellAsync(luis.Command(PersonCommand.Memories, "tarta")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+10")]
    [InlineData("00000000000000000000000000000000+-1")]
    [InlineData("' OR 1=1 --")]
    public async Task An_argument_that_no_button_has_finds_nothing(string argument)
    {
        await using var host = await BackendHost.StartAsync(database);
        Assert.Equal("That event is no longer there.", await host.TellAsync(Chat.Luis().Command(PersonCommand.Event, argument)));
    }

    [Fact]
    public async Task Privacy_says_whether_texts_leave_the_machine()
    {
        await using var host = await BackendHost.StartAsync(database);
        Assert.Contains("pasa por el modelo scripted.", await host.TellAsync(Chat.Ana().Command(PersonCommand.Privacy)), StringComparison.Ordinal);
        Assert.Contains("/forget", await host.TellAsync(Chat.Luis().Command(PersonCommand.Privacy)), StringComparison.Ordinal);
    }
}
