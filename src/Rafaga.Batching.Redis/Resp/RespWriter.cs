using System.Buffers;
using System.Buffers.Text;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>Writes commands straight into the buffer that is sent: an array of bulk strings each, which RESP2 and RESP3 share.</summary>
internal static class RespWriter
{
    // '$' or '*', a length, CR LF.
    private const int MaxHeader = 1 + RespNumbers.MaxDigits + 2;

    /// <returns>How many bytes the command takes.</returns>
    public static long Write(IBufferWriter<byte> output, in RespCommand command)
    {
        var written = (long)Header(output, (byte)'*', 1 + command.Arguments.Length) + Bulk(output, command.Name);
        foreach (ref readonly var argument in command.Arguments.AsSpan()) written += Bulk(output, argument);
        return written;
    }

    private static int Bulk(IBufferWriter<byte> output, in RespArgument argument)
    {
        var length = argument.ByteCount;
        var span = output.GetSpan(MaxHeader + length + 2);
        var used = Header(span, (byte)'$', length);
        used += argument.CopyTo(span[used..]);
        "\r\n"u8.CopyTo(span[used..]);
        output.Advance(used + 2);
        return used + 2;
    }

    private static int Header(IBufferWriter<byte> output, byte kind, int count)
    {
        var used = Header(output.GetSpan(MaxHeader), kind, count);
        output.Advance(used);
        return used;
    }

    private static int Header(Span<byte> span, byte kind, int count)
    {
        span[0] = kind;
        Utf8Formatter.TryFormat(count, span[1..], out var digits);
        "\r\n"u8.CopyTo(span[(1 + digits)..]);
        return 1 + digits + 2;
    }
}
