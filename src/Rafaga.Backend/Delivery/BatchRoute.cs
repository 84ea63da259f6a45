using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rafaga.Contracts;

namespace Rafaga.Backend.Delivery;

/// <summary><c>POST /webhook/batch</c>: 200 with the reply, or one line that says why not.</summary>
internal static class BatchRoute
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(BatchEndpoint.Path, ReceiveAsync);

    private static async Task<IResult> ReceiveAsync(HttpContext http, BackendOptions options, BatchDelivery delivery, TimeProvider time)
    {
        var body = await BatchBody.ReadAsync(http.Request, http.RequestAborted);
        if (body is null)
            return Refused(StatusCodes.Status413PayloadTooLarge, $"The body is over {BatchEndpoint.MaxBodyBytes} bytes; send smaller batches.");
        if (options.Secret is { } secret && !IsSigned(http.Request.Headers, secret, body, time))
            return Refused(StatusCodes.Status401Unauthorized, "The request is not signed with this backend's secret; check the secret on both sides and the clocks.");
        if (!BatchBody.TryParse(body, out var request, out var error))
            return Refused(StatusCodes.Status400BadRequest, error);

        // Not bound to the connection: a caller that gives up asks again later and finds the stored reply.
        var outcome = await delivery.DeliverAsync(request);
        switch (outcome)
        {
            case Outcome.Done done:
                return TypedResults.Json(done.Reply, ContractsJson.Default.BatchReply);
            case Outcome.Running:
                return TypedResults.Json(
                    new BatchReply(request.BatchId, BatchStatus.Running, null), ContractsJson.Default.BatchReply, statusCode: StatusCodes.Status202Accepted);
            case Outcome.OtherContent:
                return Refused(StatusCodes.Status422UnprocessableEntity, "batch_id is known with other content; a batch never changes.");
            case Outcome.StaleFence stale:
                return Refused(StatusCodes.Status409Conflict, string.Create(CultureInfo.InvariantCulture, $"fence {request.Fence} is older than {stale.Newest}: another worker has taken over."));
            case Outcome.TryLater later:
                if (later.RetryAfter is { } wait) http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return Refused(StatusCodes.Status503ServiceUnavailable, later.Reason, later.Problem);
            case Outcome.Refused refused:
                return Refused(StatusCodes.Status422UnprocessableEntity, refused.Reason, refused.Problem);
            default:
                throw new InvalidOperationException(outcome.GetType().Name);
        }
    }

    private static bool IsSigned(IHeaderDictionary headers, string secret, byte[] body, TimeProvider time) => RequestSignature.Verify(
        secret,
        headers[RequestSignature.IdHeader],
        headers[RequestSignature.TimestampHeader],
        headers[RequestSignature.SignatureHeader],
        body,
        time.GetUtcNow());

    private static JsonHttpResult<BatchProblem> Refused(int status, string error, string? type = null) =>
        TypedResults.Json(new BatchProblem(error, type), ContractsJson.Default.BatchProblem, statusCode: status);
}
