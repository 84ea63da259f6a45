using System.Globalization;
using System.Text;

namespace Rafaga.Contracts;

/// <summary>
/// Signs what pages and commands ask of a backend below <c>/api</c>: with the headers of <see cref="RequestSignature"/>, over method and address, and the body where
/// there is one. So a signature is good for one address alone.
/// </summary>
public static class OperatorRequest
{
    /// <summary>What is signed.</summary>
    /// <param name="method">The method in capitals: <c>GET</c>.</param>
    /// <param name="target">Path and query as they are sent: <c>/api/memories?limit=20</c>.</param>
    /// <param name="body">The body as it is sent.</param>
    public static byte[] Content(string method, string target, ReadOnlySpan<byte> body = default) =>
        body.IsEmpty ? Encoding.UTF8.GetBytes($"{method} {target}") : [.. Encoding.UTF8.GetBytes($"{method} {target}\n"), .. body];

    /// <summary>Signs a request whose address is known.</summary>
    /// <param name="request">The request; it gets the three headers.</param>
    /// <param name="target">Path and query as the backend sees them.</param>
    /// <param name="secret">Secret shared with the backend.</param>
    /// <param name="now">The time by the injected clock.</param>
    /// <param name="body">The body as it is sent.</param>
    public static void Sign(HttpRequestMessage request, string target, string secret, DateTimeOffset now, ReadOnlySpan<byte> body = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (id, timestamp) = (Guid.CreateVersion7(now).ToString("N"), now.ToUnixTimeSeconds());
        request.Headers.Add(RequestSignature.IdHeader, id);
        request.Headers.Add(RequestSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(RequestSignature.SignatureHeader, RequestSignature.Sign(secret, id, timestamp, Content(request.Method.Method, target, body)));
    }
}
