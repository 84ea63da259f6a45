using System.Runtime.InteropServices;
using SQLitePCL;

namespace Rafaga.Batching.Sqlite;

/// <summary>A parameter of a statement.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SqlValue
{
    private readonly Kind _kind;
    private readonly long _number;
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _bytes;

    private SqlValue(long number) => (_kind, _number) = (Kind.Number, number);

    private SqlValue(string text) => (_kind, _text) = (Kind.Text, text);

    private SqlValue(ReadOnlyMemory<byte> bytes) => (_kind, _bytes) = (Kind.Bytes, bytes);

    private enum Kind
    {
        Null,
        Number,
        Text,
        Bytes,
    }

    public static implicit operator SqlValue(long value) => new(value);

    public static implicit operator SqlValue(string? value) => value is null ? default : new(value);

    public static implicit operator SqlValue(ReadOnlyMemory<byte> value) => new(value);

    public static implicit operator SqlValue(DateTimeOffset value) => new(value.UtcTicks);

    public static implicit operator SqlValue(DateTimeOffset? value) => value is { } time ? new(time.UtcTicks) : default;

    public static implicit operator SqlValue(ConversationId value) => new(value.Value);

    public static implicit operator SqlValue(BatchId value) => new(value.Value);

    public int Bind(sqlite3_stmt statement, int index) => _kind switch
    {
        Kind.Number => raw.sqlite3_bind_int64(statement, index, _number),
        Kind.Text => raw.sqlite3_bind_text(statement, index, _text),
        // An empty blob would be bound as null.
        Kind.Bytes when _bytes.IsEmpty => raw.sqlite3_bind_zeroblob(statement, index, 0),
        Kind.Bytes => raw.sqlite3_bind_blob(statement, index, _bytes.Span),
        _ => raw.sqlite3_bind_null(statement, index),
    };
}
