using System.Net;
using System.Net.Http.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Commands;

/// <summary>Who was let in by a code.</summary>
public abstract class AccessTests(DatabaseKind database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_has_shown_the_code_is_in_in_every_chat_and_nobody_else_is()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, luis) = (Chat.Ana(), Chat.Luis());
        Assert.False(await AdmittedAsync(host, ana));
        Assert.StartsWith("¡Te doy la bienvenida!", await host.TellAsync(ana.Command(PersonCommand.Admit)), StringComparison.Ordinal);
        Assert.True(await AdmittedAsync(host, ana));
        Assert.True(await AdmittedAsync(host, ana.Elsewhere()));
        Assert.False(await AdmittedAsync(host, luis));
        await host.TellAsync(luis.Command(PersonCommand.Undo));
        Assert.False(await AdmittedAsync(host, luis));
    }

    [Fact]
    public async Task Whoever_is_not_the_bot_is_not_told()
    {
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings(Secret: "a secret of the tests"));
        using var response = await host.Http.PostAsJsonAsync(AccessEndpoint.Path, new AccessRequest(Chat.Ana().Conversation), ContractsJson.Default.AccessRequest, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task<bool> AdmittedAsync(BackendHost host, Chat person)
    {
        using var response = await host.Http.PostAsJsonAsync(AccessEndpoint.Path, new AccessRequest(person.Conversation), ContractsJson.Default.AccessRequest, Token);
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.AccessReply, Token))!.Admitted;
    }
}
