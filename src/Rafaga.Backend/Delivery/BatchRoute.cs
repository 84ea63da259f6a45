using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rafaga.Contracts;
using Rafaga.Telegram;

namespace Rafaga.Backend.Delivery;

/// <summary><c>POST /webhook/batch</c>, and <c>POST /webhook</c> for an update alone: 200 with the reply, or one line that says why not.</summary>
internal static class BatchRoute
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(BatchEndpoint.Path, (HttpContext http, BackendOptions options, BatchDelivery delivery, TimeProvider time) =>
            ReceiveAsync(http, options, delivery, time, body => BatchBody.TryParse(body, out var request, out var error) ? (request, "") : (null, error)));
        routes.MapPost(BatchEndpoint.SinglePath, (HttpContext http, BackendOptions options, BatchDelivery delivery, TelegramClient telegram, TimeProvider time) =>
            ReceiveAsync(http, options, delivery, time, body => SingleUpdate.TryParse(body, telegram.BotId, time.GetUtcNow(), out var request, out var error) ? (request, "") : (null, error)));
    }

    private static async Task<IResult> ReceiveAsync(
        HttpContext http, BackendOptions options, BatchDelivery delivery, TimeProvider time, Func<byte[], (BatchRequest? Request, string Fault)> parse)
    {
        var (body, refusal) = await SignedRequest.ReadAsync(http, BatchEndpoint.MaxBodyBytes, options, time);
        if (body is null) return refusal!;
        var (request, fault) = parse(body);
        if (request is null) return SignedRequest.Refused(StatusCodes.Status400BadRequest, fault);

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
                return SignedRequest.Refused(StatusCodes.Status422UnprocessableEntity, "batch_id is known with other content; a batch never changes.");
            case Outcome.StaleFence stale:
                return SignedRequest.Refused(StatusCodes.Status409Conflict, string.Create(CultureInfo.InvariantCulture, $"fence {request.Fence} is older than {stale.Newest}: another worker has taken over."));
            case Outcome.Erased:
                return SignedRequest.Refused(StatusCodes.Status409Conflict, "The person has had everything erased since; nothing of this batch is kept.");
            case Outcome.TryLater later:
                if (later.RetryAfter is { } wait) http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return SignedRequest.Refused(StatusCodes.Status503ServiceUnavailable, later.Reason, later.Problem);
            case Outcome.Refused refused:
                return SignedRequest.Refused(StatusCodes.Status422UnprocessableEntity, refused.Reason, refused.Problem);
            default:
                throw new InvalidOperationException(outcome.GetType().Name);
        }
    }
}
