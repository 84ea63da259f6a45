using Microsoft.AspNetCore.Http;

namespace Rafaga.Telegram.Tests.Client;

/// <summary>Files: which paths are asked for at all, and how much is taken.</summary>
public sealed class DownloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Hostile =>
    [
        "", " ", "/", "//", ".", "..", "./", "../", "/etc/passwd", "//evil.example/x", "///x", "photos//x.jpg", "photos/", "photos/../x", "../x", "photos/..", "photos/./x", "./x",
        "photos/.././../x", "http://evil.example/x", "https:/evil.example", "//[::1]/x", "@evil.example/x", "x@evil.example", "user:password@host", "photos\\x.jpg", "..\\..\\x", "C:\\x",
        "photos/x.jpg?a=b", "photos/x.jpg#a", "photos/%2e%2e/x", "%2e%2e%2fx", "%00", "photos/x.jpg%00", "photos/x.jpg\0", "photos/x.jpg\n", "photos/x.jpg\r\nHost: evil", "\r\n", "photos/x .jpg",
        " photos/x.jpg", "photos/x.jpg ", "photos/ñ.jpg", "photos/\u202Egpj.x", "photos/．．/x", "photos/x.jpg;a", "photos/$x", "photos/*", "~/x", "file:///etc/passwd", "169.254.169.254:80/latest",
        "photos/x\tx", "{token}/x", "<x>", "photos/" + "\u0000..", "a|b", "&", "photos/x=1",
    ];

    [Theory]
    [InlineData("photos/file_7.jpg")]
    [InlineData("documents/file_12.tar.gz")]
    [InlineData("file_1")]
    [InlineData("a/b-c/d_e/..f.g")]
    public async Task A_path_of_telegram_is_asked_for_below_the_file_area(string path)
    {
        string? asked = null;
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            asked = context.Request.Path;
            await context.Response.WriteAsync("content", context.RequestAborted);
        });
        Assert.Equal("content"u8.ToArray(), await server.Client.DownloadAsync(path, Cancellation));
        Assert.Equal($"/file/bot{ScriptedServer.Token}/{path}", asked);
    }

    [Fact]
    public async Task Any_other_path_is_never_asked_for()
    {
        var requests = 0;
        await using var server = await ScriptedServer.StartAsync(_ =>
        {
            Interlocked.Increment(ref requests);
            return Task.CompletedTask;
        });
        string[] paths = [.. Hostile.Select(row => row.Data), new('a', 257), .. Planted()];
        Assert.True(paths.Distinct(StringComparer.Ordinal).Count() >= 500);
        foreach (var path in paths)
        {
            var e = await Assert.ThrowsAsync<TelegramException>(() => server.Client.DownloadAsync(path, Cancellation));
            Assert.Equal("the file path is not one that Telegram gives", e.Description);
        }

        Assert.Equal(0, requests);
    }

    // Whatever is no plain character of a path, and every way to write "up" or "elsewhere" that we know, at the start, in the middle and at the end.
    private static IEnumerable<string> Planted()
    {
        var odd = Enumerable.Range(0, 128).Select(i => (char)i).Where(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or '/')).Select(c => c.ToString());
        string[] sly =
        [
            "/../", "/./", "//", "%2e%2e/", "%2E%2E%2F", "..%2f", "%252e%252e%252f", "%c0%ae%c0%ae/", "..\\", "..;/", "@evil.example/", ":80/", "%00", "%0d%0aHost:%20evil", "[::1]/", "http://127.0.0.1/",
            "\u2044", "\u2215", "\uFF0E\uFF0E/", "\u202E", "\u200B", "\uFEFF", "é", "文", "🙂", "\ud800", "${HOME}", "$(id)", "`id`", "{0}", "<script>", "'--", "\"", "&#46;&#46;/", "~root/",
        ];
        return odd.Concat(sly).SelectMany(bad => (string[])[bad + "photos/x.jpg", "photos/" + bad + "/x.jpg", "photos/x" + bad + "y.jpg", "photos/x.jpg/" + bad, "photos/x.jpg" + bad + "z/.."]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_stops_at_20_MB_whether_or_not_the_length_was_told(bool told)
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            if (told) context.Response.ContentLength = TelegramClient.MaxDownloadBytes + 1;
            var chunk = new byte[1 << 20];
            for (var i = 0; i < 20; i++) await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            await context.Response.Body.WriteAsync(chunk.AsMemory(0, 1), context.RequestAborted);
        });
        var e = await Assert.ThrowsAsync<TelegramException>(() => server.Client.DownloadAsync("photos/file_1.jpg", Cancellation));
        Assert.Equal((400, "the file is too big"), (e.ErrorCode, e.Description));
    }

    [Fact]
    public async Task A_file_that_is_gone_says_so_with_its_status()
    {
        await using var server = await ScriptedServer.StartAsync(404, """{"ok":false}""");
        var e = await Assert.ThrowsAsync<TelegramException>(() => server.Client.DownloadAsync("photos/file_1.jpg", Cancellation));
        Assert.Equal((404, "Not Found"), (e.ErrorCode, e.Description));
    }
}
