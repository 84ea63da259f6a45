using System.Buffers;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Redis.Tests.Resp;

/// <summary>Feeds a reader with bytes in pieces, as a socket would.</summary>
internal static class Fragments
{
    /// <summary>Reads every reply of <paramref name="bytes"/>, which arrive cut at the given places; each piece is a segment of its own.</summary>
    public static List<RespValue> ReadAll(RespReader reader, ReadOnlyMemory<byte> bytes, params IEnumerable<int> cuts)
    {
        List<RespValue> values = [];
        List<ReadOnlyMemory<byte>> unread = [];
        var from = 0;
        foreach (var to in cuts.Append(bytes.Length))
        {
            unread.Add(bytes[from..to]);
            from = to;
            var buffer = Segment.Chain(unread);
            while (reader.TryRead(ref buffer, out var value)) values.Add(value);
            unread.Clear();
            foreach (var piece in buffer) unread.Add(piece);
        }

        return values;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Chain(List<ReadOnlyMemory<byte>> pieces)
        {
            var first = new Segment { Memory = pieces[0] };
            var last = first;
            foreach (var piece in pieces.Skip(1))
            {
                var next = new Segment { Memory = piece, RunningIndex = last.RunningIndex + last.Memory.Length };
                last.Next = next;
                last = next;
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
