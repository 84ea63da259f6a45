using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Live;

public sealed class TlsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_and_channels_go_over_TLS_when_the_certificate_is_trusted()
    {
        using var folder = new TemporaryFolder();
        var certificate = MakeCertificate(folder);
        await using var server = await StartAsync(folder);
        await using var client = TestClient.For($"rediss://localhost:{server.Port}", options => options with { ConfigureTls = tls => Trust(tls, certificate) });
        var heard = new TaskCompletionSource<string>();

        await using var subscription = await client.SubscribeAsync("c", message => heard.TrySetResult(System.Text.Encoding.UTF8.GetString(message.Span)), () => { }, Stop);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++) Assert.Equal(task, (await client.SendAsync(new RespCommand("ECHO", task), Stop)).AsInteger());
        })));
        var large = new byte[1_000_000];
        Assert.Equal(large, (await client.SendAsync(new RespCommand("ECHO", large), Stop)).AsBytes().ToArray());
        await client.SendAsync(new RespCommand("PUBLISH", "c", "hello"), Stop);

        Assert.Equal("hello", await heard.Task.WaitAsync(Eventually.Limit, TimeProvider.System, Stop));
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        MakeCertificate(folder);
        await using var server = await StartAsync(folder);
        await using var client = TestClient.For($"rediss://localhost:{server.Port}");

        var error = await Assert.ThrowsAsync<RedisException>(async () => await client.SendAsync(new RespCommand("PING"), Stop));

        Assert.Equal((RedisErrorKind.Tls, false), (error.Kind, error.OutcomeUnknown));
        Assert.StartsWith($"No secure connection to Redis at localhost:{server.Port}: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task A_server_that_does_not_speak_TLS_is_given_up_with_a_hint()
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = TestClient.For(
            $"rediss://localhost:{server.Port}",
            options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(300), CommandTimeout = TimeSpan.FromSeconds(3) });

        var error = await Assert.ThrowsAsync<RedisException>(async () => await client.SendAsync(new RespCommand("PING"), Stop));

        Assert.Equal($"Redis at localhost:{server.Port} cannot be reached: no secure connection within 0.3 s", error.Message);
    }

    private static Task<RedisServer> StartAsync(TemporaryFolder folder) => RedisServer.StartAsync(
        "--tls-port", "{port}", "--tls-cert-file", folder.File("tls.crt"), "--tls-key-file", folder.File("tls.key"),
        "--tls-ca-cert-file", folder.File("tls.crt"), "--tls-auth-clients", "no");

    private static X509Certificate2 MakeCertificate(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(folder.File("tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("tls.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private static void Trust(SslClientAuthenticationOptions tls, X509Certificate2 root) => tls.CertificateChainPolicy = new X509ChainPolicy
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { root },
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
