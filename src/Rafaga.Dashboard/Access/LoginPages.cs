using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Rafaga.Dashboard.Api;
using Rafaga.Dashboard.Pages;

namespace Rafaga.Dashboard.Access;

/// <summary>Signing in and out.</summary>
internal static class LoginPages
{
    // A password is short; nothing else is read before somebody is known.
    private const int MaxBodyBytes = 8 * 1024;

    public static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", (HttpContext context, Passwords passwords) => passwords.Open ? Home(context) : ShowAsync(context, null));
        routes.MapPost("/login", SignInAsync).WithMetadata(new BodyLimit(MaxBodyBytes));
        routes.MapPost("/logout", SignOut);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, Passwords passwords, Sessions sessions, DashboardOptions options, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (Guard.IsForeign(request, options.PublicUrl)) return await ShowAsync(context, "LoginForeign", StatusCodes.Status403Forbidden);
        if (!request.HasFormContentType) return await ShowAsync(context, "LoginWrong", StatusCodes.Status400BadRequest);
        var form = await request.ReadFormAsync(cancellationToken);
        var (role, wait) = await passwords.CheckAsync(form["password"].ToString(), Origin.Address(context, options.PublicUrl is not null), cancellationToken);
        if (wait is { } until)
        {
            Answers.RetryAfter(context, until);
            return await ShowAsync(context, "LoginTooMany", StatusCodes.Status429TooManyRequests);
        }

        if (role is not { } known) return await ShowAsync(context, "LoginWrong", StatusCodes.Status401Unauthorized);

        context.Response.Cookies.Append(Guard.CookieName, sessions.Begin(known), Cookie(request, options));
        return TypedResults.LocalRedirect($"{request.PathBase}{Next(form["next"].ToString())}");
    }

    private static RedirectHttpResult SignOut(HttpContext context, Sessions sessions, DashboardOptions options)
    {
        sessions.End(context.Request.Cookies[Guard.CookieName]);
        context.Response.Cookies.Delete(Guard.CookieName, Cookie(context.Request, options));
        return TypedResults.LocalRedirect($"{context.Request.PathBase}/login");
    }

    private static CookieOptions Cookie(HttpRequest request, DashboardOptions options) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps || options.PublicUrl?.Scheme == Uri.UriSchemeHttps,
        Path = request.PathBase.HasValue ? request.PathBase.Value : "/",
        MaxAge = Sessions.Longest,
        IsEssential = true,
    };

    private static Task<IResult> Home(HttpContext context) => Task.FromResult<IResult>(TypedResults.LocalRedirect($"{context.Request.PathBase}/"));

    private static Task<IResult> ShowAsync(HttpContext context, string? problem, int status = StatusCodes.Status200OK)
    {
        var next = context.Request.HasFormContentType && context.Request.Form.TryGetValue("next", out var asked) ? asked.ToString() : context.Request.Query["next"].ToString();
        return PageRenderer.RenderAsync<LoginPage>(context, status, (nameof(LoginPage.Problem), problem), (nameof(LoginPage.Next), Next(next)));
    }

    // A path of ours and nothing else: not //elsewhere, not \elsewhere.
    private static string Next(string wanted) => wanted.StartsWith('/') && !wanted.StartsWith("//", StringComparison.Ordinal) && !wanted.Contains('\\', StringComparison.Ordinal) ? wanted : "/";

    // MVC's attribute for it would bring all of MVC into memory.
    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
