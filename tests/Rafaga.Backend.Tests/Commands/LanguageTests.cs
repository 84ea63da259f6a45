using System.Net;
using System.Net.Http.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Commands;

/// <summary>/idioma.</summary>
public abstract class LanguageTests(DatabaseKind database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "All right: I speak English with you.")]
    [InlineData("Inglés", "All right: I speak English with you.")]
    [InlineData("ESPAÑOL", "De acuerdo: te hablo en español.")]
    [InlineData("telegram", "De acuerdo: te hablo en el idioma de tu Telegram, ahora español.")]
    public async Task It_is_known_under_its_names_in_both_languages(string argument, string answer)
    {
        await using var host = await BackendHost.StartAsync(database);
        Assert.Equal(answer, await host.TellAsync(Chat.Ana().Command(PersonCommand.Language, argument)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("klingon")]
    public async Task Without_a_language_that_is_known_it_asks(string? argument)
    {
        await using var host = await BackendHost.StartAsync(database);
        var asked = await host.AskAsync(Chat.Ana().Command(PersonCommand.Language, argument));
        Assert.Equal("¿En qué idioma te hablo?", asked.Text);
        Assert.Equal(["es", "en", "auto"], asked.Buttons!.Select(button => button.Argument));
    }

    [Fact]
    public async Task The_choice_wins_over_Telegram_until_it_is_taken_back()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        Assert.Null(await ChosenAsync(host, ana));
        await host.TellAsync(ana.Command(PersonCommand.Language, "en"));
        Assert.Equal("en", await ChosenAsync(host, ana.Elsewhere()));
        Assert.Equal("There was no open invitation.", await host.TellAsync(ana.Command(PersonCommand.Revoke)));
        Assert.StartsWith("You have no events yet.", await host.TellAsync(ana.Command(PersonCommand.Events)), StringComparison.Ordinal);

        // The agent is told it, too.
        string? language = null;
        host.Model.Answers(asked =>
        {
            language = asked.Context.GetProperty("language").GetString();
            return ScriptedChatClient.Say("Fine.");
        });
        await host.ReplyAsync(ana.Text("hola").Seal());
        Assert.Equal("en", language);

        await host.TellAsync(ana.Command(PersonCommand.Language, "auto"));
        Assert.Null(await ChosenAsync(host, ana));
        Assert.Equal("No había ninguna invitación abierta.", await host.TellAsync(ana.Command(PersonCommand.Revoke)));
    }

    [Fact]
    public async Task Whoever_is_not_the_bot_or_the_worker_is_not_told()
    {
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings(Secret: "a secret of the tests"));
        using var response = await host.Http.PostAsJsonAsync(LanguageEndpoint.Path, new LanguageRequest(Chat.Ana().Conversation), ContractsJson.Default.LanguageRequest, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nothing")]
    [InlineData("""{"conversation":"telegram:x"}""")]
    public async Task A_question_that_cannot_be_read_is_refused(string body)
    {
        await using var host = await BackendHost.StartAsync(database);
        using var response = await host.Http.PostAsync(LanguageEndpoint.Path, new StringContent(body), Token);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<string?> ChosenAsync(BackendHost host, Chat person)
    {
        using var response = await host.Http.PostAsJsonAsync(LanguageEndpoint.Path, new LanguageRequest(person.Conversation), ContractsJson.Default.LanguageRequest, Token);
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.LanguageReply, Token))!.Language;
    }
}
