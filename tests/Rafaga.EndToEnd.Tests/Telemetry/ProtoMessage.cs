using System.Buffers.Binary;
using System.Text;

namespace Rafaga.EndToEnd.Tests.Telemetry;

/// <summary>A protobuf message by the numbers of its fields, as they stand on the wire.</summary>
internal sealed class ProtoMessage
{
    private readonly ILookup<int, object> _fields;

    public ProtoMessage(ReadOnlyMemory<byte> bytes) => _fields = Read(bytes).ToLookup(field => field.Number, field => field.Value);

    public IEnumerable<ProtoMessage> All(int number) => _fields[number].Select(value => new ProtoMessage((ReadOnlyMemory<byte>)value));

    public ProtoMessage? One(int number) => All(number).LastOrDefault();

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).Span);

    public ulong Number(int number) => _fields[number].OfType<ulong>().LastOrDefault();

    private ReadOnlyMemory<byte> Bytes(int number) => _fields[number].OfType<ReadOnlyMemory<byte>>().LastOrDefault();

    private static List<(int Number, object Value)> Read(ReadOnlyMemory<byte> bytes)
    {
        List<(int, object)> fields = [];
        for (var at = 0; at < bytes.Length;)
        {
            var tag = Varint(bytes.Span, ref at);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(((int)(tag >> 3), Varint(bytes.Span, ref at)));
                    break;
                case 1:
                    fields.Add(((int)(tag >> 3), BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..])));
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = (int)Varint(bytes.Span, ref at);
                    fields.Add(((int)(tag >> 3), bytes.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    fields.Add(((int)(tag >> 3), (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..])));
                    at += sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException($"{tag & 7} is no wire type.");
            }
        }

        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
    }
}
