using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Rafaga.Contracts;

namespace Rafaga.Backend.Delivery;

/// <summary>Takes the body of a request that worker or bot have signed, or says in one line why not.</summary>
internal static class SignedRequest
{
    /// <returns>The body, or the answer that refuses the request.</returns>
    public static async Task<(byte[]? Body, IResult? Refusal)> ReadAsync(HttpContext http, int maxBytes, BackendOptions options, TimeProvider time)
    {
        var body = await ReadBodyAsync(http.Request, maxBytes, http.RequestAborted);
        if (body is null) return (null, Refused(StatusCodes.Status413PayloadTooLarge, $"The body is over {maxBytes} bytes."));
        if (options.Secret is not null && !IsSigned(http.Request.Headers, options, body, time))
            return (null, Refused(StatusCodes.Status401Unauthorized, "The request is not signed with this backend's secret; check the secret on both sides and the clocks."));
        return (body, null);
    }

    public static JsonHttpResult<BatchProblem> Refused(int status, string error, string? type = null) =>
        TypedResults.Json(new BatchProblem(error, type), ContractsJson.Default.BatchProblem, statusCode: status);

    /// <summary>The body; null when it is larger.</summary>
    public static async Task<byte[]?> ReadBodyAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes) return null;
        using var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (body.Length + read > maxBytes) return null;
            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }

    /// <summary>Whether what was signed is signed with one of the two secrets that are good now.</summary>
    public static bool IsSigned(IHeaderDictionary headers, BackendOptions options, byte[] content, TimeProvider time) =>
        IsSigned(headers, options.Secret, content, time) || IsSigned(headers, options.PreviousSecret, content, time);

    private static bool IsSigned(IHeaderDictionary headers, string? secret, byte[] body, TimeProvider time) => secret is not null && RequestSignature.Verify(
        secret,
        headers[RequestSignature.IdHeader],
        headers[RequestSignature.TimestampHeader],
        headers[RequestSignature.SignatureHeader],
        body,
        time.GetUtcNow());
}
