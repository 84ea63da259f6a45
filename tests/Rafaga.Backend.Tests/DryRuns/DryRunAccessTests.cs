using System.Net;
using System.Text.Json;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.DryRuns;

/// <summary>A dry run costs money and shows what people wrote: it is the operator's, and a signature is good for one door and one body.</summary>
public sealed class DryRunAccessTests
{
    private const string Secret = "a-secret-of-more-than-16";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_signed_over_its_address_and_its_body()
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings(Secret) { OpenOnLoopback = false });
        var body = Body(Chat.Ana().Text("hola").Seal());
        var other = Body(Chat.Luis().Text("hi").Seal());

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, BatchEndpoint.DryRunPath, body, _ => { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, BatchEndpoint.DryRunPath, body, request => Sign(host, request, other)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, BatchEndpoint.DryRunPath, body, request => Sign(host, request, [])));
        Assert.Empty(host.Model.Requests);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, BatchEndpoint.DryRunPath, body, request => Sign(host, request, body)));
    }

    [Fact]
    public async Task What_was_signed_for_one_door_opens_no_other()
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings(Secret) { OpenOnLoopback = false });
        var body = Body(Chat.Ana().Text("hola").Seal());
        var now = host.Time.GetUtcNow().ToUnixTimeSeconds();

        // A delivery that somebody has seen is not a dry run, and a dry run that somebody has seen delivers nothing.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, BatchEndpoint.DryRunPath, body, request =>
        {
            request.Headers.Add(RequestSignature.IdHeader, "Ana-1");
            request.Headers.Add(RequestSignature.TimestampHeader, now.ToString(System.Globalization.CultureInfo.InvariantCulture));
            request.Headers.Add(RequestSignature.SignatureHeader, RequestSignature.Sign(Secret, "Ana-1", now, body));
        }));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, BatchEndpoint.Path, body, request => Sign(host, request, body)));
        Assert.Empty(host.Model.Requests);
    }

    [Fact]
    public async Task A_page_of_another_site_starts_none_and_too_much_is_not_read()
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings(Secret));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host, BatchEndpoint.DryRunPath, Body(Chat.Ana().Text("hola").Seal()), request => request.Headers.Add("Sec-Fetch-Site", "cross-site")));
        var large = new byte[BatchEndpoint.MaxBodyBytes + 1];
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(host, BatchEndpoint.DryRunPath, large, _ => { }));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(host, BatchEndpoint.DryRunPath, large, request => Sign(host, request, large)));
        Assert.Empty(host.Model.Requests);
    }

    private static byte[] Body(BatchRequest batch) => JsonSerializer.SerializeToUtf8Bytes(batch, ContractsJson.Default.BatchRequest);

    private static void Sign(BackendHost host, HttpRequestMessage request, byte[] body) => OperatorRequest.Sign(request, BatchEndpoint.DryRunPath, Secret, host.Time.GetUtcNow(), body);

    private static async Task<HttpStatusCode> StatusAsync(BackendHost host, string path, byte[] body, Action<HttpRequestMessage> with)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        with(request);
        using var response = await host.Http.SendAsync(request, Token);
        return response.StatusCode;
    }
}
