using Microsoft.AspNetCore.Http;
using Rafaga.Dashboard.Access;
using Rafaga.Dashboard.Resources;

namespace Rafaga.Dashboard.Pages;

/// <summary>Where a page is: under which path it is mounted, what its address asks for, and in which language it speaks.</summary>
/// <param name="Base">Path that everything of ours begins with; empty at the root.</param>
/// <param name="Language">Language of the page.</param>
/// <param name="LanguageChosen">The address names the language, so links keep it.</param>
public sealed record PageAddress(string Base, string Language, bool LanguageChosen)
{
    private const string LanguageName = "lang";

    /// <summary>Path of this page below <see cref="Base"/>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>What the address of this page asks for, without the language.</summary>
    public IReadOnlyList<(string Name, string? Value)> Query { get; init; } = [];

    /// <summary>Who looks.</summary>
    public required Visitor Visitor { get; init; }

    /// <summary>Link to a page of ours; what is null or empty is left out.</summary>
    public string To(string path, params IEnumerable<(string Name, string? Value)> query)
    {
        if (LanguageChosen && !query.Any(part => part.Name == LanguageName)) query = query.Append((LanguageName, Language));
        var parts = string.Join('&', query.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return parts.Length == 0 ? Base + path : $"{Base}{path}?{parts}";
    }

    /// <summary>Link to this page with parts of its query changed; null takes a part away.</summary>
    public string With(params IReadOnlyList<(string Name, string? Value)> changes) =>
        To(Path, Query.Where(part => changes.All(change => change.Name != part.Name)).Concat(changes));

    /// <summary>Link to the chat of a person.</summary>
    public string Chat(string username, long? before = null) => To("/", ("as", username), ("before", before?.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Address of a file that is built in.</summary>
    public string Asset(string name) => $"{Base}/assets/{Web.AssetEndpoints.Version}/{name}";

    internal static PageAddress Of(HttpContext context)
    {
        var wanted = context.Request.Query[LanguageName].ToString();
        var chosen = Texts.Languages.Contains(wanted);
        return new PageAddress(context.Request.PathBase.Value ?? "", chosen ? wanted : Accepted(context.Request), chosen)
        {
            Visitor = Guard.Of(context),
            Path = context.Request.Path.Value ?? "/",
            Query = [.. context.Request.Query.Where(part => part.Key != LanguageName).Select(part => (part.Key, (string?)part.Value.ToString()))],
        };
    }

    private static string Accepted(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(l => Texts.Languages.Contains(l)) ?? Texts.Languages[0];
}
