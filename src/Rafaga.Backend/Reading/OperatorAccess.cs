using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Rafaga.Backend.Delivery;
using Rafaga.Contracts;

namespace Rafaga.Backend.Reading;

/// <summary>Who may read and change everybody's memories: whoever signs with the shared secret, and, while that is allowed, whoever sits at this machine.</summary>
internal sealed class OperatorAccess(BackendOptions options, TimeProvider time) : IEndpointFilter
{
    // A proxy on this machine speaks for somebody who may be anywhere.
    private static readonly string[] Forwarding = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => await RefusalAsync(context.HttpContext) ?? await next(context);

    private async Task<JsonHttpResult<ReadingFault>?> RefusalAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.ContainsKey(RequestSignature.SignatureHeader))
        {
            if (await SignedRequest.ReadBodyAsync(request, BatchEndpoint.MaxBodyBytes, http.RequestAborted) is not { } body)
                return ReadingRoutes.Fault($"The body is over {BatchEndpoint.MaxBodyBytes} bytes.", StatusCodes.Status413PayloadTooLarge);
            request.Body = new MemoryStream(body);
            // As it was sent: what a server makes of an address need not be what was signed.
            var content = OperatorRequest.Content(request.Method, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, body);
            return SignedRequest.IsSigned(request.Headers, options, content, time)
                ? null
                : Refused("The request is not signed with this backend's secret; check the secret on both sides and the clocks.");
        }

        // Known to whoever stands before all doors of this process, and allowed to do what is asked.
        if (http.User.Identity?.IsAuthenticated == true) return null;
        if (!options.OpenOnLoopback || !IsLocal(http)) return Refused("Sign the request with the secret that backend and pages share.");
        return Writes(request) && IsForeign(request) ? ReadingRoutes.Fault("Requests from other sites are refused.", StatusCodes.Status403Forbidden) : null;
    }

    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !Array.Exists(Forwarding, http.Request.Headers.ContainsKey);

    private static bool Writes(HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);

    // Browsers say where a request comes from; commands and programs send neither header.
    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site is not ("same-origin" or "none");
        return request.Headers.Origin is [{ } origin] && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static JsonHttpResult<ReadingFault> Refused(string error) => ReadingRoutes.Fault(error, StatusCodes.Status401Unauthorized);
}
