using Microsoft.AspNetCore.Http;
using Rafaga.Dashboard.Resources;

namespace Rafaga.Dashboard.Pages;

/// <summary>Where a page is: under which path it is mounted and in which language it speaks.</summary>
/// <param name="Base">Path that everything of ours begins with; empty at the root.</param>
/// <param name="Language">Language of the page.</param>
/// <param name="LanguageChosen">The address names the language, so links keep it.</param>
public sealed record PageAddress(string Base, string Language, bool LanguageChosen)
{
    /// <summary>Link to the chat of a person.</summary>
    public string Chat(string username, string? language = null, long? before = null)
    {
        var query = $"as={Uri.EscapeDataString(username)}";
        if ((language ?? (LanguageChosen ? Language : null)) is { } chosen) query += $"&lang={chosen}";
        if (before is { } id) query += $"&before={id}";
        return $"{Base}/?{query}";
    }

    /// <summary>Link to this page in another language.</summary>
    public string Home(string language) => $"{Base}/?lang={language}";

    /// <summary>Address of a file that is built in.</summary>
    public string Asset(string name) => $"{Base}/assets/{Web.AssetEndpoints.Version}/{name}";

    internal static PageAddress Of(HttpContext context, string? wanted)
    {
        var chosen = Texts.Languages.Contains(wanted);
        return new PageAddress(context.Request.PathBase.Value ?? "", chosen ? wanted! : Accepted(context.Request), chosen);
    }

    private static string Accepted(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(l => Texts.Languages.Contains(l)) ?? Texts.Languages[0];
}
