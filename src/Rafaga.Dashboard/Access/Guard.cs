using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Rafaga.Contracts;
using Rafaga.Dashboard.Api;

namespace Rafaga.Dashboard.Access;

/// <summary>In front of everything: a strict content policy on every answer, a login where one is needed, and no writing from other sites.</summary>
internal sealed class Guard(Passwords passwords, Sessions sessions, DashboardOptions options) : IStartupFilter
{
    public const string CookieName = "rafaga-session";
    public const string TokenField = "_token";
    public const string TokenHeader = "X-Rafaga-Token";

    private const string Bearer = "Bearer ";

    // Doors that ask for a secret of their own, or give nothing away.
    private static readonly PathString[] Open = ["/login", "/assets", "/webhook", "/health"];

    private static readonly string[] Inside = ["/metrics", "/bot", "/file/bot"];

    // Programs write there; everything else that changes something is a form or a script of our pages.
    private static readonly PathString[] ForPrograms = ["/api", "/simulator"];

    private static readonly PathString[] Backend = ["/api/memories", "/api/events", "/api/photos", "/api/export", "/api/runs", BatchEndpoint.DryRunPath];

    private readonly string _openToken = Sessions.NewSecret();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(HandleAsync);
        next(app);
    };

    /// <summary>Who asks; known wherever a page is drawn.</summary>
    public static Visitor Of(HttpContext context) => (Visitor)context.Items[typeof(Visitor)]!;

    private async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        SafeHeaders.Apply(context.Response.Headers);
        // Whoever comes to this browser later, or to a cache on the way, finds nothing.
        if (!passwords.Open) context.Response.Headers.CacheControl = "no-store";

        // Whether the proxy before this server leaves the prefix in or takes it out: links have it, paths do not.
        if (options.PathBase.Length > 0)
        {
            if (context.Request.Path.StartsWithSegments(options.PathBase, StringComparison.OrdinalIgnoreCase, out var rest)) context.Request.Path = rest.HasValue ? rest : "/";
            context.Request.PathBase = options.PathBase;
        }

        var (visitor, program, wait) = await IdentifyAsync(context.Request);
        if (wait is { } until)
        {
            await Answers.TooMany(context, "Too many passwords from this address", until).ExecuteAsync(context);
            return;
        }

        context.Items[typeof(Visitor)] = visitor ?? new Visitor(Role.Reader, _openToken, SignedIn: false);
        if (!passwords.Open && visitor is not null) context.User = visitor.ToPrincipal();
        if (IsOpen(context.Request) || IsForBackend(context.Request))
        {
            await next(context);
            return;
        }

        if (visitor is null)
        {
            await AskAsync(context);
            return;
        }

        if (Writes(context.Request) && await FaultAsync(context, visitor, program) is { } fault)
        {
            await Answers.Refuse(StatusCodes.Status403Forbidden, fault).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    // A program names the password with each request: no browser does that by itself, so no other site can make it.
    private async Task<(Visitor? Visitor, bool Program, TimeSpan? Wait)> IdentifyAsync(HttpRequest request)
    {
        if (passwords.Open) return (new Visitor(Role.Operator, _openToken, SignedIn: false), Program: !IsBrowser(request), null);
        if (request.Headers.Authorization is not [{ } given] || !given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return (sessions.Find(request.Cookies[CookieName]), Program: false, null);
        var check = await passwords.CheckAgainAsync(given[Bearer.Length..].Trim(), Origin.Address(request.HttpContext, options.PublicUrl is not null), request.HttpContext.RequestAborted);
        return (check.Role is { } known ? new Visitor(known, _openToken, SignedIn: false) : null, Program: true, check.Wait);
    }

    // Figures are for whoever measures beside this server, and the Bot API of the simulated chat, whose token everybody knows, for the bot in it: not for those
    // that a proxy lets in.
    private bool IsOpen(HttpRequest request) =>
        Array.Exists(Open, path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
        || (!IsFromOutside(request) && Array.Exists(Inside, path => request.Path.Value!.StartsWith(path, StringComparison.OrdinalIgnoreCase)));

    // Signed by whoever shares the backend's secret; the backend looks at every signature that is sent.
    private bool IsForBackend(HttpRequest request) =>
        !options.PassesBackendOn && request.Headers.ContainsKey(RequestSignature.SignatureHeader) && Array.Exists(Backend, path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    private bool IsFromOutside(HttpRequest request) =>
        Origin.IsForwarded(request) || (options.PublicUrl is { IsLoopback: false } url && string.Equals(request.Host.Host, url.Host, StringComparison.OrdinalIgnoreCase));

    private static Task AskAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && !IsForPrograms(context.Request))
        {
            context.Response.Redirect($"{context.Request.PathBase}/login?next={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
            return Task.CompletedTask;
        }

        return Answers.Refuse(StatusCodes.Status401Unauthorized, "Sign in at /login first.").ExecuteAsync(context);
    }

    private async Task<string?> FaultAsync(HttpContext context, Visitor visitor, bool program)
    {
        var request = context.Request;
        if (IsForeign(request, options.PublicUrl)) return "Requests from other sites are refused.";
        if (!visitor.CanAct && !request.Path.Equals("/logout", StringComparison.OrdinalIgnoreCase)) return "This login may look, but not change anything.";
        if (program && IsForPrograms(request)) return null;
        return await HasTokenAsync(request, visitor.Token) ? null : "The page is too old: load it again, then repeat what you did.";
    }

    private static bool IsForPrograms(HttpRequest request) => Array.Exists(ForPrograms, path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    private static bool Writes(HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);

    // Browsers say where a request comes from; commands and programs send neither header.
    private static bool IsBrowser(HttpRequest request) => request.Headers.ContainsKey("Sec-Fetch-Site") || request.Headers.ContainsKey("Origin");

    internal static bool IsForeign(HttpRequest request, Uri? publicUrl)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site is not ("same-origin" or "none");
        if (request.Headers.Origin is not [{ } origin]) return false;
        var own = publicUrl?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host}";
        return !string.Equals(origin, own, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<bool> HasTokenAsync(HttpRequest request, string token)
    {
        string? sent = request.Headers[TokenHeader];
        if (sent is null && request.HasFormContentType) sent = (await request.ReadFormAsync(request.HttpContext.RequestAborted))[TokenField];
        return sent is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(token));
    }
}
