using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rafaga.Dashboard.Api;

namespace Rafaga.Dashboard.Backend;

/// <summary>
/// Where the backend is another process, what an operator may ask of it goes through this one: whoever has the password of the pages needs neither the secret
/// of the parts nor a way to them.
/// </summary>
internal static class BackendPass
{
    public static void MapBackendPass(this IEndpointRouteBuilder routes)
    {
        foreach (var area in new[] { "memories", "events", "photos", "export", "runs" }) routes.MapGet($"/api/{area}/{{**rest}}", PassAsync);
        routes.MapPost("/api/memories/{**rest}", PassAsync);
    }

    private static async Task<IResult> PassAsync(HttpContext context, BackendClient backend)
    {
        var request = context.Request;
        using var answer = await backend.OpenAsync(new HttpMethod(request.Method), request.Path.ToUriComponent() + request.QueryString.ToUriComponent(), request.Headers.Range, context.RequestAborted);
        if (answer is null) return Answers.Refuse(StatusCodes.Status502BadGateway, "The backend does not answer; is it running, and is API_URL right?");
        var status = (int)answer.StatusCode;
        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
            return Answers.Refuse(StatusCodes.Status502BadGateway, "The backend refuses the pages: give both the same RAFAGA__BACKEND__SECRET, and check both clocks.");
        if (!answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType != "application/json")
        {
            // Pages of errors are for nobody who asked for JSON.
            return status is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed or StatusCodes.Status501NotImplemented
                ? Answers.NotFound("This backend keeps nothing that could be asked for: it is not Ráfaga's.")
                : Answers.Refuse(StatusCodes.Status502BadGateway, $"The backend fails ({status}); its log says why.");
        }

        return await PassedAnswer.CopyAsync(answer, context);
    }
}
