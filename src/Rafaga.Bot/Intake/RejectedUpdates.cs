using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rafaga.Bot.Intake;

/// <summary>Keeps updates that the bot cannot take, whole, for a person to look at. Durable when it returns, because they are confirmed after.</summary>
internal sealed class RejectedUpdates(BotOptions options)
{
    private static readonly JsonDocumentOptions Generous = new() { MaxDepth = 1000 };

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

    /// <summary>Deletes what a person sent.</summary>
    /// <returns>How many files went.</returns>
    public int Erase(long person)
    {
        if (!Directory.Exists(options.RejectedFolder)) return 0;
        var erased = 0;
        foreach (var file in Directory.EnumerateFiles(options.RejectedFolder))
        {
            if (!IsFrom(File.ReadAllBytes(file), person)) continue;
            File.Delete(file);
            erased++;
        }

        return erased;
    }

    // Whatever kind of update it is, and however broken: who sent it stands in "from", or is the private chat. What is no JSON at all can only be searched.
    private static bool IsFrom(byte[] bytes, long person)
    {
        var id = Encoding.ASCII.GetBytes(person.ToString(CultureInfo.InvariantCulture));
        if (bytes.AsSpan().IndexOf(id) < 0) return false;
        try
        {
            using var update = JsonDocument.Parse(bytes, Generous);
            return update.RootElement.ValueKind != JsonValueKind.Object || update.RootElement.EnumerateObject().Any(kind => Names(kind.Value, "from", id) || Names(kind.Value, "chat", id));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return true;
        }
    }

    private static bool Names(JsonElement message, string member, byte[] id) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(member, out var who) && who.ValueKind == JsonValueKind.Object && who.TryGetProperty("id", out var named)
        && JsonMarshal.GetRawUtf8Value(named).Trim((byte)'"').SequenceEqual(id);
}
