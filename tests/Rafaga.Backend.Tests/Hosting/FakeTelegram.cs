using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rafaga.Telegram;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>The file part of a Bot API server, on loopback, with faults on demand.</summary>
internal sealed class FakeTelegram : IAsyncDisposable
{
    public const string Token = "7000:test-token-of-no-value";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _faults = new(StringComparer.Ordinal);
    private int _downloads;
    private int _atOnce;
    private int _mostAtOnce;

    private FakeTelegram(WebApplication app) => _app = app;

    public int Downloads => _downloads;

    public int MostAtOnce => _mostAtOnce;

    /// <summary>Runs inside every download, while it counts as under way.</summary>
    public Func<Task> WhileDownloading { get; set; } = () => Task.CompletedTask;

    public static async Task<FakeTelegram> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var fake = new FakeTelegram(builder.Build());
        fake._app.MapPost($"/bot{Token}/getFile", fake.GetFileAsync);
        fake._app.MapGet($"/file/bot{Token}/{{file}}", fake.DownloadAsync);
        await fake._app.StartAsync();
        return fake;
    }

    public TelegramClient Client(TimeProvider time) =>
        new(TelegramClient.CreateHttpClient(), new TelegramOptions { Token = Token, BaseUrl = new Uri(_app.Urls.Single()) }, time);

    /// <summary>Holds a file under its id.</summary>
    public void Put(string fileId, byte[] content) => _files[fileId] = content;

    /// <summary>Answers <c>getFile</c> for this id with an error, until it is healed.</summary>
    public void Break(string fileId, int status, string description, string? parameters = null) => _faults[fileId] = async http =>
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsync($$"""{"ok":false,"error_code":{{status}},"description":"{{description}}"{{(parameters is null ? "" : $",\"parameters\":{parameters}")}}}""");
    };

    /// <summary>Answers the download of this id with a status, or drops the connection when it is 0, until it is healed.</summary>
    public void BreakDownload(string fileId, int status) => _faults["download:" + fileId] = http =>
    {
        if (status == 0) http.Abort();
        else http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public void Heal(string fileId)
    {
        _faults.TryRemove(fileId, out _);
        _faults.TryRemove("download:" + fileId, out _);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task GetFileAsync(HttpContext http)
    {
        var request = await http.Request.ReadFromJsonAsync<Dictionary<string, string>>();
        var id = request!["file_id"];
        if (_faults.TryGetValue(id, out var fault)) await fault(http);
        else await http.Response.WriteAsJsonAsync(new { ok = true, result = new { file_id = id, file_unique_id = "u" + id, file_path = id } });
    }

    private async Task DownloadAsync(HttpContext http)
    {
        var id = (string)http.Request.RouteValues["file"]!;
        Interlocked.Increment(ref _downloads);
        var now = Interlocked.Increment(ref _atOnce);
        int most;
        while ((most = _mostAtOnce) < now && Interlocked.CompareExchange(ref _mostAtOnce, now, most) != most)
        {
        }

        try
        {
            await WhileDownloading();
            if (_faults.TryGetValue("download:" + id, out var fault)) await fault(http);
            else if (_files.TryGetValue(id, out var content)) await http.Response.Body.WriteAsync(content);
            else http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }
}
