using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>One argument of a command: bytes, text, a number, or two texts that go as one (so that a key costs no new string).</summary>
/// <remarks>Bytes are not copied before they are sent: leave them alone until the answer is there.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly struct RespArgument
{
    private readonly object? _content;
    private readonly string? _suffix;

    // The number itself; or where the bytes begin and how many they are.
    private readonly long _number;

    private RespArgument(object? content, string? suffix, long number) => (_content, _suffix, _number) = (content, suffix, number);

    /// <summary>How many bytes go over the wire, without their frame.</summary>
    public int ByteCount => _content switch
    {
        string text when _suffix is null => Encoding.UTF8.GetByteCount(text),
        string text => Encoding.UTF8.GetByteCount(text) + Encoding.UTF8.GetByteCount(_suffix),
        byte[] => (int)_number,
        _ => Digits(_number, stackalloc byte[RespNumbers.MaxDigits]),
    };

    public static implicit operator RespArgument(string text) => new(text, null, 0);

    public static implicit operator RespArgument(long number) => new(null, null, number);

    public static implicit operator RespArgument(byte[] bytes) => new(bytes, null, bytes.Length);

    public static implicit operator RespArgument(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var part)
        ? new RespArgument(part.Array, null, ((long)part.Offset << 32) | (uint)part.Count)
        : bytes.ToArray();

    /// <summary>Two texts as one argument.</summary>
    public static RespArgument Join(string prefix, string suffix) => new(prefix, suffix, 0);

    /// <summary>Writes the bytes and says how many they are; there must be room for <see cref="ByteCount"/>.</summary>
    public int CopyTo(Span<byte> target)
    {
        switch (_content)
        {
            case string text:
                var used = Encoding.UTF8.GetBytes(text, target);
                return _suffix is null ? used : used + Encoding.UTF8.GetBytes(_suffix, target[used..]);
            case byte[] bytes:
                var part = bytes.AsSpan((int)(_number >> 32), (int)_number);
                part.CopyTo(target);
                return part.Length;
            default:
                return Digits(_number, target);
        }
    }

    /// <summary>Exactly the bytes that go over the wire.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[ByteCount];
        CopyTo(bytes);
        return bytes;
    }

    private static int Digits(long number, Span<byte> target)
    {
        Utf8Formatter.TryFormat(number, target, out var digits);
        return digits;
    }
}
