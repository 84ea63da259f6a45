using System.Buffers;
using System.Runtime.InteropServices;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>Reads RESP2 and RESP3 as the bytes come in, however they are cut, and never starts a reply again.</summary>
/// <remarks>
/// Memory follows what has arrived, not what a length promises; <see cref="RespLimits"/> bounds the rest. Attributes are read and dropped.
/// Streamed strings and aggregates, which no server sends, are refused. After an exception the bytes have no meaning any more: give up the connection.
/// </remarks>
internal sealed class RespReader(RespLimits limits)
{
    private const int FirstCapacity = 16;
    private const int NoString = -1;

    private static readonly byte[] Ok = "OK"u8.ToArray();

    private readonly Frame[] _open = new Frame[limits.MaxDepth];
    private int _depth;
    private long _cost;
    private int _stringLength = NoString;
    private byte _stringKind;

    private enum Step
    {
        /// <summary>More bytes are needed.</summary>
        Wait,

        /// <summary>A whole value was read.</summary>
        Value,

        /// <summary>An aggregate began; its first element follows.</summary>
        Opened,
    }

    /// <summary>Takes the next whole reply off the front of <paramref name="buffer"/>; if there is none yet, takes what can be digested already.</summary>
    /// <exception cref="RedisException"><see cref="RedisErrorKind.Protocol"/>.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out RespValue value)
    {
        var reader = new SequenceReader<byte>(buffer);
        var whole = TryRead(ref reader, out value);
        buffer = reader.UnreadSequence;
        return whole;
    }

    private bool TryRead(ref SequenceReader<byte> reader, out RespValue value)
    {
        while (true)
        {
            var step = Next(ref reader, out value);
            if (step == Step.Wait) return false;
            if (step == Step.Opened || !Close(ref value)) continue;
            _cost = 0;
            return true;
        }
    }

    /// <summary>Puts the value into the aggregates that it completes; true when nothing is open any more.</summary>
    private bool Close(ref RespValue value)
    {
        while (_depth > 0)
        {
            ref var frame = ref _open[_depth - 1];
            frame.Add(value);
            if (!frame.IsFull) return false;
            var (type, items) = (frame.Type, frame.Items);
            frame = default;
            _depth--;
            // An attribute is dropped; the value that it belongs to follows.
            if (type is not { } known) return false;
            value = RespValue.Aggregate(known, items);
        }

        return true;
    }

    private Step Next(ref SequenceReader<byte> reader, out RespValue value)
    {
        value = default;
        if (_stringLength != NoString) return ReadString(ref reader, out value);
        if (!reader.TryPeek(out var kind)) return Step.Wait;
        if ("+-:$*_#,(!=%~>|"u8.IndexOf(kind) < 0) throw RespErrors.Malformed($"a value cannot begin with byte {kind}");
        if (!TryReadLine(ref reader, out var line)) return Step.Wait;
        line = line[1..];
        Charge(RespValue.Overhead);
        switch ((char)kind)
        {
            case '+':
                value = Text(line);
                return Step.Value;
            case '-':
                Charge(line.Length);
                value = RespValue.Error(line.ToArray());
                return Step.Value;
            case ':':
                value = RespValue.Integer(Integer(line));
                return Step.Value;
            case ',':
                if (!RespNumbers.TryParse(line, out double number)) throw RespErrors.Malformed("a number cannot be read");
                value = RespValue.Double(number);
                return Step.Value;
            case '#':
                if (line.Length != 1 || line[0] is not ((byte)'t' or (byte)'f')) throw RespErrors.Malformed("a boolean is neither t nor f");
                value = RespValue.Boolean(line[0] == (byte)'t');
                return Step.Value;
            case '_':
                if (line.Length != 0) throw RespErrors.Malformed("a null has content");
                return Step.Value;
            case '(':
                var digits = line is [(byte)'+' or (byte)'-', ..] ? line[1..] : line;
                if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                    throw RespErrors.Malformed("a big number cannot be read");
                value = Text(line);
                return Step.Value;
            case '$' or '!' or '=':
                var length = Length(line, limits.MaxBulk, nullable: kind == (byte)'$');
                if (length < 0) return Step.Value;
                Charge(length);
                (_stringLength, _stringKind) = (length, kind);
                return ReadString(ref reader, out value);
            default:
                return Open(kind, line, out value);
        }
    }

    private Step Open(byte kind, ReadOnlySpan<byte> line, out RespValue value)
    {
        value = default;
        var paired = kind is (byte)'%' or (byte)'|';
        var count = Length(line, paired ? limits.MaxElements / 2 : limits.MaxElements, nullable: kind == (byte)'*');
        if (count < 0) return Step.Value;
        RespType? type = kind switch
        {
            (byte)'*' => RespType.Array,
            (byte)'%' => RespType.Map,
            (byte)'~' => RespType.Set,
            (byte)'>' => RespType.Push,
            _ => null,
        };
        if (type == RespType.Push && _depth > 0) throw RespErrors.Malformed("a push stands inside another value");
        if (paired) count *= 2;
        if (count == 0)
        {
            if (type is not { } known) return Step.Opened;
            value = RespValue.Aggregate(known, []);
            return Step.Value;
        }

        if (_depth == _open.Length) throw RespErrors.Malformed($"values are nested more than {_open.Length} deep");
        _open[_depth++] = new Frame(type, count);
        return Step.Opened;
    }

    private Step ReadString(ref SequenceReader<byte> reader, out RespValue value)
    {
        value = default;
        if (reader.Remaining < _stringLength + 2L) return Step.Wait;
        var bytes = _stringLength == 0 ? [] : GC.AllocateUninitializedArray<byte>(_stringLength);
        reader.TryCopyTo(bytes);
        reader.Advance(_stringLength);
        if (!reader.IsNext("\r\n"u8, advancePast: true)) throw RespErrors.Malformed("a string is longer than its length says");
        _stringLength = NoString;
        value = (char)_stringKind switch
        {
            '!' => RespValue.Error(bytes),
            '$' => RespValue.String(bytes),
            _ when bytes.Length >= 4 && bytes[3] == (byte)':' => RespValue.String(bytes[4..]),
            _ => throw RespErrors.Malformed("a verbatim string does not name its format"),
        };
        return Step.Value;
    }

    private bool TryReadLine(ref SequenceReader<byte> reader, out ReadOnlySpan<byte> line)
    {
        if (!reader.TryReadTo(out line, (byte)'\n'))
        {
            if (reader.Remaining > limits.MaxLine) throw RespErrors.Malformed($"a line is longer than {limits.MaxLine} bytes");
            return false;
        }

        if (line.Length > limits.MaxLine) throw RespErrors.Malformed($"a line is longer than {limits.MaxLine} bytes");
        if (line.Length < 2 || line[^1] != (byte)'\r') throw RespErrors.Malformed("a line does not end with CR LF");
        line = line[..^1];
        return true;
    }

    private RespValue Text(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual(Ok)) return RespValue.String(Ok);
        Charge(line.Length);
        return RespValue.String(line.ToArray());
    }

    private static long Integer(ReadOnlySpan<byte> line) =>
        RespNumbers.TryParse(line, out long number) ? number : throw RespErrors.Malformed("a number cannot be read");

    private static int Length(ReadOnlySpan<byte> line, int most, bool nullable)
    {
        var length = Integer(line);
        if (length == -1 && nullable) return -1;
        if (length < 0) throw RespErrors.Malformed("a length is negative");
        return length <= most ? (int)length : throw RespErrors.Malformed($"a length is above {most}");
    }

    private void Charge(int bytes)
    {
        _cost += bytes;
        if (_cost > limits.MaxReply) throw RespErrors.Malformed($"a reply takes more than {limits.MaxReply} bytes");
    }

    /// <summary>An aggregate of which some elements are still missing; without a type, an attribute.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Frame(RespType? type, int total)
    {
        private int _filled;

        public readonly RespType? Type => type;

        public readonly bool IsFull => _filled == total;

        public RespValue[] Items { get; private set; } = new RespValue[Math.Min(total, FirstCapacity)];

        public void Add(RespValue value)
        {
            if (_filled == Items.Length)
            {
                var larger = new RespValue[(int)Math.Min(total, Items.Length * 2L)];
                Items.CopyTo(larger, 0);
                Items = larger;
            }

            Items[_filled++] = value;
        }
    }
}
