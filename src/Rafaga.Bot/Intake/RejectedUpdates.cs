using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Rafaga.Bot.Intake;

/// <summary>Keeps updates that the bot cannot take, whole, for a person to look at. Durable when it returns, because they are confirmed after.</summary>
internal sealed class RejectedUpdates(BotOptions options)
{
    /// <returns>Name of the file.</returns>
    public async Task<string> KeepAsync(JsonElement update, long? updateId, CancellationToken cancellationToken)
    {
        // The bytes as they came: they may not even be valid text.
        var bytes = JsonMarshal.GetRawUtf8Value(update).ToArray();
        var name = (updateId?.ToString(CultureInfo.InvariantCulture) ?? Convert.ToHexStringLower(SHA256.HashData(bytes))) + ".json";
        var path = Path.Combine(options.RejectedFolder, name);
        var unfinished = path + ".tmp";

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
