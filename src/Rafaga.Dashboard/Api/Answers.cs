using System.Globalization;
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

    /// <summary>Too much from one address.</summary>
    public static JsonHttpResult<ErrorJson> TooMany(HttpContext context, string what, TimeSpan wait) =>
        Refuse(StatusCodes.Status429TooManyRequests, $"{what}; try again in {RetryAfter(context, wait)} s.");

    /// <summary>Says when to come back, in whole seconds.</summary>
    public static string RetryAfter(HttpContext context, TimeSpan wait)
    {
        var seconds = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        return seconds;
    }
}
