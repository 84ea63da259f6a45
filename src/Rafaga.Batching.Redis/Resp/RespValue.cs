using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Rafaga.Batching.Redis.Resp;

internal enum RespType : byte
{
    Null,

    /// <summary>Simple, bulk and verbatim strings and big numbers: bytes all.</summary>
    String,
    Error,
    Integer,
    Double,
    Boolean,
    Array,

    /// <summary>Keys and values in turn, as RESP2 sends a map, so that one code reads both.</summary>
    Map,
    Set,

    /// <summary>Out of band: messages of channels.</summary>
    Push,
}

/// <summary>A reply, or a part of one. The <c>As…</c> methods take what RESP2 and RESP3 send for the same thing, and throw <see cref="RedisErrorKind.Protocol"/> for anything else.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct RespValue
{
    /// <summary>What a value costs beside its bytes, about: its place in an array and the header of its own object.</summary>
    public const int Overhead = 48;

    private readonly object? _content;
    private readonly long _number;

    private RespValue(RespType type, object? content, long number) => (Type, _content, _number) = (type, content, number);

    public static RespValue Null => default;

    public RespType Type { get; }

    public bool IsNull => Type == RespType.Null;

    public bool IsError => Type == RespType.Error;

    /// <summary>What an error means; <see cref="RedisErrorKind.Server"/> for what is not an error.</summary>
    public RedisErrorKind ErrorKind => IsError ? RespErrors.KindOf((byte[])_content!) : RedisErrorKind.Server;

    /// <summary>The elements of an aggregate; none for null.</summary>
    public ReadOnlySpan<RespValue> Items => Type switch
    {
        RespType.Null => [],
        RespType.Array or RespType.Map or RespType.Set or RespType.Push => (RespValue[])_content!,
        _ => throw Unexpected("a list"),
    };

    public static RespValue String(byte[] bytes) => new(RespType.String, bytes, 0);

    public static RespValue Error(byte[] bytes) => new(RespType.Error, bytes, 0);

    public static RespValue Integer(long number) => new(RespType.Integer, null, number);

    public static RespValue Double(double number) => new(RespType.Double, null, BitConverter.DoubleToInt64Bits(number));

    public static RespValue Boolean(bool value) => new(RespType.Boolean, null, value ? 1 : 0);

    public static RespValue Aggregate(RespType type, RespValue[] items) => new(type, items, 0);

    /// <summary>The bytes of a string or an error; empty for null.</summary>
    public ReadOnlyMemory<byte> AsBytes() => Type switch
    {
        RespType.Null => default,
        RespType.String or RespType.Error => (byte[])_content!,
        _ => throw Unexpected("a string"),
    };

    /// <summary>A string, an error or a number as text; empty for null.</summary>
    public string AsText() => Type switch
    {
        RespType.Integer => _number.ToString(CultureInfo.InvariantCulture),
        RespType.Double => AsDouble().ToString(CultureInfo.InvariantCulture),
        _ => Encoding.UTF8.GetString(AsBytes().Span),
    };

    public long AsInteger() => Type switch
    {
        RespType.Integer or RespType.Boolean => _number,
        RespType.String when RespNumbers.TryParse((byte[])_content!, out long number) => number,
        _ => throw Unexpected("an integer"),
    };

    public double AsDouble() => Type switch
    {
        RespType.Double => BitConverter.Int64BitsToDouble(_number),
        RespType.Integer => _number,
        RespType.String when RespNumbers.TryParse((byte[])_content!, out double number) => number,
        _ => throw Unexpected("a number"),
    };

    /// <summary>For tests and logs at Trace: shows contents.</summary>
    public override string ToString() => Type switch
    {
        RespType.Null => "null",
        RespType.Boolean => _number == 1 ? "true" : "false",
        RespType.String or RespType.Error or RespType.Integer or RespType.Double => $"{Type}({AsText()})",
        _ => $"{Type}[{string.Join(", ", ((RespValue[])_content!).Select(item => item.ToString()))}]",
    };

    private RedisException Unexpected(string wanted) => RespErrors.Malformed($"{wanted} was expected, this is of type {Type}");
}
