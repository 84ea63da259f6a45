using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public abstract class BadInputTests(DatabaseKind database)
{
    private const string Secret = "a-secret-of-the-tests";

    [Theory]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("[1]", "body")]
    [InlineData("{", "body")]
    [InlineData("""{"batch_id":7}""", "batch_id")]
    [InlineData("""{"conversation":"telegram:1:2:0:3"}""", "batch_id")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2"}""", "conversation")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2:0:3","fence":-1}""", "fence")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2:0:3","fence":"one"}""", "fence")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2:0:3","fence":1,"attempt":0}""", "attempt")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2:0:3","fence":1,"attempt":1}""", "messages")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2:0:3","fence":1,"attempt":1,"messages":[]}""", "messages")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2:0:3","fence":1,"attempt":1,"messages":[null]}""", "messages[0].id")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2:0:3","fence":1,"attempt":1,"messages":[{"id":"m1","update":7}]}""", "messages[0].update")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2:0:3","fence":1,"attempt":1,"messages":[{"id":"m1","received_at":"never"}]}""", "messages[0].received_at")]
    [InlineData("""{"batch_id":"b","conversation":"telegram:1:2:0:3","fence":1,"attempt":1,"messages":[{"id":"m1","update":{}},{"id":"m1","update":{}}]}""", "messages[1].id")]
    public async Task A_body_that_is_no_batch_gets_one_line_that_names_the_field(string body, string field)
    {
        await using var host = await BackendHost.StartAsync(database);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await host.Http.PostAsync(BatchEndpoint.Path, content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await ErrorAsync(response);
        Assert.Contains(field, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public async Task Half_a_character_in_a_text_stops_neither_its_batch_nor_the_next_one()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(_ => ScriptedChatClient.Say("Hola."));
        var ana = Chat.Ana();
        var json = JsonSerializer.Serialize(ana.Text("HALF").Text("Hola").Seal(), ContractsJson.Default.BatchRequest).Replace("HALF", "\\ud800", StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await host.Http.PostAsync(BatchEndpoint.Path, content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await host.ReplyAsync(ana.Text("y ahora").Seal());
        Assert.Equal(["Hola", "Hola.\n\nEsto no lo sé guardar: un mensaje que no puedo leer.", "y ahora"],
            host.Model.Requests[^1].Context.GetProperty("history").EnumerateArray().Concat(host.Model.Requests[^1].Context.GetProperty("messages").EnumerateArray())
                .Select(message => message.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_with_one_line()
    {
        await using var host = await BackendHost.StartAsync(database);
        using var known = new ByteArrayContent(new byte[BatchEndpoint.MaxBodyBytes + 1]);
        using var response = await host.Http.PostAsync(BatchEndpoint.Path, known, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("1048576", await ErrorAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_batch_is_taken_and_any_other_is_refused_before_it_is_read()
    {
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings(Secret));
        var batch = Chat.Ana().Photo("photo1").Seal();
        var body = JsonSerializer.SerializeToUtf8Bytes(batch, ContractsJson.Default.BatchRequest);
        var now = host.Time.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(host, body, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(host, "{"u8.ToArray(), null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(host, body, ("another-secret-here", now)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(host, body, (Secret, now - 301)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(host, [.. body, (byte)' '], (Secret, now), signed: body));
        Assert.Empty(host.Model.Requests);

        Assert.Equal(HttpStatusCode.OK, await PostAsync(host, body, (Secret, now)));
        Assert.DoesNotContain(Secret, host.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_stop_the_start_and_are_named()
    {
        var services = new Microsoft.Extensions.DependencyInjection.ServiceCollection();
        var error = Assert.Throws<ArgumentException>(() => services.AddBackend(new BackendOptions { Database = "sqlite:d", PhotosFolder = "p", MaxRounds = 0 }));
        Assert.Contains("MaxRounds", error.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> PostAsync(BackendHost host, byte[] body, (string Secret, long At)? signature, byte[]? signed = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, BatchEndpoint.Path) { Content = content };
        if (signature is var (secret, at))
        {
            request.Headers.Add(RequestSignature.IdHeader, "batch");
            request.Headers.Add(RequestSignature.TimestampHeader, at.ToString(System.Globalization.CultureInfo.InvariantCulture));
            request.Headers.Add(RequestSignature.SignatureHeader, RequestSignature.Sign(secret, "batch", at, signed ?? body));
        }

        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return document.RootElement.GetProperty("error").GetString()!;
    }
}
