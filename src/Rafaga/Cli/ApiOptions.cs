using System.CommandLine;
using Rafaga.Resources;
using Rafaga.Settings;

namespace Rafaga.Cli;

/// <summary>The options of every command that talks to a running Ráfaga.</summary>
internal sealed class ApiOptions(Option<string?> data, Texts texts)
{
    private readonly Option<string?> _url = new("--url") { Description = texts["HelpUrl"] };
    private readonly Option<bool> _json = new("--json") { Description = texts["HelpJson"] };

    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>A client of the instance named by <c>--url</c>, else of the one that works in the data folder, else of the port; both as the settings say.</summary>
    public ApiClient Client(ParseResult parsed)
    {
        var settings = SettingsLoader.Load(new Dictionary<string, string?> { ["Data:Folder"] = parsed.GetValue(data) });
        var password = settings.Dashboard.Password;
        if (parsed.GetValue(_url) is not { } url)
            return new ApiClient(DataFolder.ReadInstance(settings.Data.Folder) ?? new Uri($"http://127.0.0.1:{settings.Server.Port}/"), password);
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? new ApiClient(uri, password)
            : throw new UsageException(texts["BadUrl", url]);
    }
}

/// <summary>The command was written wrongly; the message is one line that names the fix.</summary>
internal sealed class UsageException(string message) : Exception(message);
