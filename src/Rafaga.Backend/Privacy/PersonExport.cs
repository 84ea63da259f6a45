using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Resources;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Privacy;

/// <summary>Everything of a person as zip files that Telegram takes: each table as JSON in the first, the files as they were sent in all of them.</summary>
internal sealed class PersonExport(IDbContextFactory<MemoryDb> databases, PhotoFolder folder, BackendOptions options)
{
    // What a file's entry takes beside its content.
    private const int EntryBytes = 1024;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one part.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="skip">Files that the parts before hold; null for the first part, which has the tables.</param>
    /// <param name="texts">In the person's language.</param>
    /// <param name="output">The zip; it can be written anywhere.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What the next part skips; null after the last.</returns>
    public async Task<int?> WriteAsync(Guid person, int? skip, Texts texts, Stream output, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        if (skip is null)
        {
            await WriteTextAsync(zip, texts.ExportReadMeName, texts.ExportReadMe, cancellationToken);
            foreach (var rows in PersonRows.Of(db, person)) await WriteTableAsync(db, zip, rows, cancellationToken);
        }

        var files = await db.Photos.Where(p => db.Memories.IgnoreQueryFilters().Any(m => m.OwnerId == person && m.PhotoId == p.Id))
            .OrderBy(p => p.Id).Select(p => new { p.Path, p.Size }).ToListAsync(cancellationToken);
        var before = skip ?? 0;
        var written = 0;
        // The same content under two names of Telegram's is one file.
        var paths = files.DistinctBy(file => file.Path).ToList();
        foreach (var file in paths.Skip(before))
        {
            if ((written > 0 || skip is null) && output.Position + file.Size + EntryBytes > options.ExportPartBytes) return before + written;
            if (folder.Has(file.Path, file.Size)) await CopyAsync(zip, file.Path, cancellationToken);
            written++;
        }

        return null;
    }

    // Pictures are compressed already.
    private async Task CopyAsync(ZipArchive zip, string path, CancellationToken cancellationToken)
    {
        await using var entry = await zip.CreateEntry("photos/" + path, CompressionLevel.NoCompression).OpenAsync(cancellationToken);
        await using var content = File.OpenRead(folder.FullPath(path));
        await content.CopyToAsync(entry, cancellationToken);
    }

    private static async Task WriteTextAsync(ZipArchive zip, string name, string text, CancellationToken cancellationToken)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync(cancellationToken);
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
    }

    private static async Task WriteTableAsync(MemoryDb db, ZipArchive zip, IQueryable<object> rows, CancellationToken cancellationToken)
    {
        var table = db.Model.FindEntityType(rows.ElementType)!;
        await using var entry = await zip.CreateEntry($"data/{table.GetTableName()}.json").OpenAsync(cancellationToken);
        await using var json = new Utf8JsonWriter(entry, Readable);
        json.WriteStartArray();
        await foreach (var row in rows.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            foreach (var column in table.GetProperties()) WriteValue(json, column.GetColumnName(), Value(column, row));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static object? Value(IProperty column, object row) => column.PropertyInfo is { } property ? property.GetValue(row) : column.FieldInfo!.GetValue(row);

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case string text:
                json.WriteString(name, text);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int or long:
                json.WriteNumber(name, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case Guid id:
                json.WriteString(name, id);
                break;
            case DateTimeOffset time:
                json.WriteString(name, time);
                break;
            case DateTime local:
                json.WriteString(name, LocalTime.Format(local));
                break;
            case DateOnly day:
                json.WriteString(name, day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                throw new NotSupportedException($"{name} is a {value.GetType().Name}.");
        }
    }
}
