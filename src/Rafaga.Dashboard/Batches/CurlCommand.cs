using System.Text;
using Rafaga.Batching;
using Rafaga.Contracts;

namespace Rafaga.Dashboard.Batches;

/// <summary>The delivery of a batch as a command for a shell. It asks for the secret, so that none is ever shown.</summary>
internal static class CurlCommand
{
    /// <returns>Null while the window is open, or when a message is not JSON.</returns>
    public static string? For(Batch batch, Uri? backend)
    {
        if (batch.SealedAt is not { } sealedAt || DeliveryBody.Of(batch, sealedAt) is not { } body) return null;
        var address = (backend ?? new Uri("http://127.0.0.1:8000")).AbsoluteUri.TrimEnd('/') + BatchEndpoint.Path;
        return $$"""
            body={{Quote(Encoding.UTF8.GetString(body))}}
            id={{batch.Id}} time=$(date +%s)
            sign=$(printf %s "$id.$time.$body" | openssl dgst -sha256 -hmac "$RAFAGA__BACKEND__SECRET" -binary | base64)
            curl -X POST {{Quote(address)}} -H 'content-type: application/json' \
              -H "{{RequestSignature.IdHeader}}: $id" -H "{{RequestSignature.TimestampHeader}}: $time" -H "{{RequestSignature.SignatureHeader}}: v1,$sign" --data-binary "$body"
            """;
    }

    private static string Quote(string text) => new StringBuilder("'").Append(text.Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'').ToString();
}
