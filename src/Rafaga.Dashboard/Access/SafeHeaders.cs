using Microsoft.AspNetCore.Http;

namespace Rafaga.Dashboard.Access;

/// <summary>What every answer says to a browser, whoever gives it: run nothing of others, guess no type, stand in no frame, tell no other site where you were.</summary>
public static class SafeHeaders
{
    /// <summary>Scripts and styles are files of this server alone; nothing written into a page runs.</summary>
    public const string ContentPolicy =
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Sets them all; an answer may still set stricter ones of its own.</summary>
    public static void Apply(IHeaderDictionary headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }
}
