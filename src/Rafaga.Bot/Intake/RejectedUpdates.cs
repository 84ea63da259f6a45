using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Rafaga.Bot.Intake;

/// <summary>Keeps updates that the bot cannot take, whole, for a person to look at. Durable when it returns, because they are confirmed after.</summary>
internal sealed class RejectedUpdates(BotOptions options)
{
    private long _files;

    /// <returns>Name of the file.</returns>
    // The bytes as they came: they may not even be valid text.
    public Task<string> KeepAsync(JsonElement update, long? updateId, CancellationToken cancellationToken) =>
        KeepAsync(JsonMarshal.GetRawUtf8Value(update).ToArray(), updateId, cancellationToken);

    /// <returns>Name of the file.</returns>
    public async Task<string> KeepAsync(byte[] bytes, long? updateId, CancellationToken cancellationToken)
    {
        var name = (updateId?.ToString(CultureInfo.InvariantCulture) ?? Convert.ToHexStringLower(SHA256.HashData(bytes))) + ".json";
        var path = Path.Combine(options.RejectedFolder, name);
        // Of its own: the same update may be posted twice at a time.
        var unfinished = string.Create(CultureInfo.InvariantCulture, $"{path}.{Interlocked.Increment(ref _files)}.tmp");

        Directory.CreateDirectory(options.RejectedFolder);
        await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(bytes, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        return name;
    }
}
