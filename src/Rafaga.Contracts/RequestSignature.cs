using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rafaga.Contracts;

/// <summary>Signs and verifies requests between worker and backend: HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
/// <remarks>Header names and format follow the Standard Webhooks specification, so other languages have a library for it.</remarks>
public static class RequestSignature
{
    /// <summary>Header with the message id: the batch id.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Header with the Unix time in seconds at which the request was signed.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Header with one or more space-separated <c>v1,base64</c> signatures.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far a timestamp may lie from the receiver's clock.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The value of <see cref="SignatureHeader"/> for a request.</summary>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body) =>
        "v1," + Convert.ToBase64String(Compute(secret, id, timestamp, body));

    /// <summary>Whether one of the signatures was made with the secret and the timestamp is within <see cref="Tolerance"/> of <paramref name="now"/>.</summary>
    public static bool Verify(string secret, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signatures)) return false;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt)) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - signedAt) > (long)Tolerance.TotalSeconds) return false;

        var expected = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(Compute(secret, id, signedAt, body)));
        var matches = false;
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            matches |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature));
        }

        return matches;
    }

    private static byte[] Compute(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
