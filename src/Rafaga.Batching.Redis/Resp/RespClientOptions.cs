using System.Net.Security;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>Where Redis is and how long to wait for it.</summary>
internal sealed record RespClientOptions(RedisUrl Url)
{
    /// <summary>For TCP, TLS and the greeting together. The default is 3 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// For the wait until a command can be sent, and again for its answer. A connection on which nothing at all comes for so long is given up. The default is 5 s.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause before the first attempt to connect again; it doubles with each failure. The pause itself is drawn between zero and that. The default is 50 ms.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Where the doubling ends. The default is 2 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often one command may be sent on to another node. The default is 8.</summary>
    public int MaxRedirects { get; init; } = 8;

    /// <summary>3 asks for RESP3 and takes RESP2 from servers that know no other; 2 does not ask. The default is 3.</summary>
    public int Protocol { get; init; } = 3;

    /// <summary>What <c>CLIENT LIST</c> shows. The default is <c>rafaga</c>.</summary>
    public string ClientName { get; init; } = "rafaga";

    public RespLimits Limits { get; init; } = RespLimits.Default;

    /// <summary>Changes how TLS is done: another root of trust, a client certificate, an own check. The default leaves it to the system.</summary>
    public Action<SslClientAuthenticationOptions>? ConfigureTls { get; init; }
}
