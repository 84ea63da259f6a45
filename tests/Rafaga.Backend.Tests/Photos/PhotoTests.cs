using System.Net;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Photos;

public abstract class PhotoTests(DatabaseKind database)
{
    [Fact]
    public async Task Photos_that_cannot_be_used_are_told_one_by_one_and_the_rest_is_saved()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Telegram.Put("text", "not a picture"u8.ToArray());
        host.Telegram.Break("huge", 400, "Bad Request: file is too big");
        host.Telegram.Break("gone", 400, "Bad Request: wrong file_id");
        var reply = await host.ReplyAsync(Chat.Ana()
            .Photo("photo1").File("huge").File("big", size: 21 * 1024 * 1024).File("text").File("gone").File("missing").Photo("photo2")
            .Seal());

        var photos = host.Model.Requests[0].Photos;
        Assert.Equal(
            [null, "too_big", "too_big", "not_an_image", "unavailable", "unavailable", null],
            photos.Select(photo => photo.TryGetProperty("problem", out var problem) ? problem.GetString() : null));
        Assert.Equal(2, (await host.MemoriesAsync()).Count);
        Assert.Contains("Guardé 2 fotos.", reply.Text, StringComparison.Ordinal);
        Assert.Contains("No pude guardar la foto 2: pesa más de 20 MB.", reply.Text, StringComparison.Ordinal);
        Assert.Contains("No pude guardar la foto 4: el archivo no es una imagen", reply.Text, StringComparison.Ordinal);
        Assert.Contains("No pude guardar la foto 6: ya no está en Telegram.", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("foto 7", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I saved 1 photo. The second one could not be read.", false)]
    [InlineData("I saved 1 photo. Photo 2 isn't a picture.", false)]
    [InlineData("I saved 1 photo.", true)]
    public async Task A_reply_that_says_itself_what_failed_is_left_alone(string text, bool completed)
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Telegram.Put("text", "not a picture"u8.ToArray());
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.SaveAll(asked) : ScriptedChatClient.Say(text));
        var reply = await host.ReplyAsync(Chat.Luis().Photo("photo1").File("text").Seal());

        Assert.Equal(completed, reply.Text != text);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(0)]
    public async Task A_download_that_fails_for_now_fails_the_attempt_without_effect_and_the_next_one_has_all(int status)
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var batch = ana.Photo("photo1").Photo("photo2").Seal();
        host.Telegram.BreakDownload("photo2", status);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.PostAsync(batch)).StatusCode);
        Assert.Empty(host.Model.Requests);
        Assert.Empty(await host.MemoriesAsync());

        host.Telegram.Heal("photo2");
        await host.ReplyAsync(ana.Again(batch));
        Assert.Equal(2, (await host.MemoriesAsync()).Count);
    }

    [Fact]
    public async Task A_rate_limit_is_handed_on_with_its_wait()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Telegram.Break("photo1", 429, "Too Many Requests: retry after 35", """{"retry_after":35}""");
        using var response = await host.PostAsync(Chat.Ana().Photo("photo1").Seal());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(35), response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task At_most_four_photos_travel_at_once()
    {
        await using var host = await BackendHost.StartAsync(database);
        var four = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = 0;
        host.Telegram.WhileDownloading = () =>
        {
            if (Interlocked.Increment(ref started) == 4) four.SetResult();
            return four.Task;
        };
        var chat = Chat.Ana();
        for (var i = 1; i <= 10; i++) chat.Photo($"photo{i}");
        await host.ReplyAsync(chat.Seal());

        Assert.Equal(10, host.Telegram.Downloads);
        Assert.Equal(4, host.Telegram.MostAtOnce);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"P{i}"), host.Model.Requests[0].Photos.Select(photo => photo.GetProperty("photo").GetString()));
    }

    [Fact]
    public async Task The_same_picture_is_one_file_two_memories_and_travels_once()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Telegram.Put("twin", Pictures.Jpeg(1));
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Photo("photo1").File("twin").Seal());
        await host.ReplyAsync(ana.Photo("photo1").Seal());

        Assert.Equal(3, (await host.MemoriesAsync()).Count);
        Assert.Equal(2, host.Telegram.Downloads);
        var file = Assert.Single(Directory.GetFiles(host.PhotosFolder, "*", SearchOption.AllDirectories));
        var name = Path.GetFileNameWithoutExtension(file);
        Assert.Equal((64, name[..2]), (name.Length, Path.GetFileName(Path.GetDirectoryName(file))));
    }

    [Fact]
    public async Task The_date_of_the_camera_is_known_to_the_agent_and_kept()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Telegram.Put("dated", Pictures.Jpeg(5, 4000, 3000, new DateTime(2025, 12, 24, 20, 15, 30)));
        await host.ReplyAsync(Chat.Ana().File("dated").Seal());

        var photo = host.Model.Requests[0].Photos[0];
        Assert.Equal("2025-12-24T20:15:30", photo.GetProperty("taken_at").GetString());
        Assert.Equal((4000, 3000), (photo.GetProperty("width").GetInt32(), photo.GetProperty("height").GetInt32()));
        Assert.Equal("2025-12-24T20:15:30", (await host.MemoriesAsync())[0].GetProperty("taken_at").GetString());
    }

    [Fact]
    public async Task The_place_of_the_camera_is_known_to_the_agent_and_kept_and_zeros_are_none()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Telegram.Put("zeros", Pictures.Jpeg(22, taken: new DateTime(2024, 1, 1), place: (0, 0)));
        await host.ReplyAsync(Chat.Ana().File("placed1").File("zeros").Seal());

        Assert.Equal("43.36230,-8.41150", host.Model.Requests[0].Photos[0].GetProperty("place").GetString());
        Assert.False(host.Model.Requests[0].Photos[1].TryGetProperty("place", out _));
        var memories = await host.MemoriesAsync();
        Assert.Equal("43.36230,-8.41150", memories[0].GetProperty("place").GetString());
        Assert.Equal("2024-08-15T12:00:00", memories[0].GetProperty("taken_at").GetString());

        // Known from the archive the next time, without a download.
        var downloads = host.Telegram.Downloads;
        await host.ReplyAsync(Chat.Luis().File("placed1").Seal());
        Assert.Equal((downloads, "43.36230,-8.41150"), (host.Telegram.Downloads, (await host.MemoriesAsync())[2].GetProperty("place").GetString()));
    }

    [Fact]
    public async Task A_photo_that_was_cut_off_or_is_a_page_is_told_and_the_rest_is_saved()
    {
        await using var host = await BackendHost.StartAsync(database);
        var whole = Pictures.Jpeg(7, taken: new DateTime(2025, 1, 1));
        host.Telegram.Put("cut", whole[..^2]);
        host.Telegram.Put("page", "<html><body>Bad Gateway</body></html>"u8.ToArray());
        var reply = await host.ReplyAsync(Chat.Ana().Photo("cut").Photo("photo1").Photo("page", "En la puerta de casa de los abuelos, con la nieve").Seal());

        Assert.Equal(["damaged", null, "not_an_image"], host.Model.Requests[0].Photos.Select(photo => photo.TryGetProperty("problem", out var problem) ? problem.GetString() : null));
        Assert.Single(await host.MemoriesAsync());
        Assert.Contains("No pude guardar la foto 1: el archivo está dañado.", reply.Text, StringComparison.Ordinal);
        Assert.Contains("No pude guardar la foto 3 («En la puerta de casa de los abuelos, con»): el archivo no es una imagen", reply.Text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(host.PhotosFolder, "incoming")));
    }

    [Fact]
    public async Task A_picture_with_something_after_its_end_is_whole()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Telegram.Put("trailer", [.. Pictures.Jpeg(8), 0, 0, .. "SEFT"u8]);
        await host.ReplyAsync(Chat.Ana().Photo("trailer").Seal());
        Assert.Single(await host.MemoriesAsync());
    }

    [Fact]
    public async Task Broken_metadata_does_not_stop_a_picture()
    {
        await using var host = await BackendHost.StartAsync(database);
        var broken = Pictures.Jpeg(6, taken: new DateTime(2025, 1, 1));
        for (var i = 12; i < 60; i++) broken[i] ^= 0x5A;
        host.Telegram.Put("broken", broken);
        await host.ReplyAsync(Chat.Ana().File("broken").Seal());

        Assert.Single(await host.MemoriesAsync());
    }
}
