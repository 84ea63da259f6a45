using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Rafaga.Dashboard.Api;

/// <summary>Answers that the endpoints share.</summary>
internal static class Answers
{
    /// <summary>An error as one clear line.</summary>
    public static JsonHttpResult<ErrorJson> Refuse(int status, string error) =>
        TypedResults.Json(new ErrorJson(error), DashboardJson.Default.ErrorJson, statusCode: status);

    public static JsonHttpResult<ErrorJson> BadRequest(string error) => Refuse(StatusCodes.Status400BadRequest, error);

    public static JsonHttpResult<ErrorJson> NotFound(string error) => Refuse(StatusCodes.Status404NotFound, error);
}
