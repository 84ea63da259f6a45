namespace Rafaga.Backend.Photos.Look;

/// <summary>One Huffman table of a JPEG (ITU T.81, annex C). It is filled again by each definition, so that a file of nothing but tables takes no memory.</summary>
internal sealed class JpegCodes
{
    private const int Longest = 16;

    private readonly byte[] _symbols = new byte[256];
    private readonly int[] _first = new int[Longest + 1];
    private readonly int[] _end = new int[Longest + 1];
    private readonly int[] _offset = new int[Longest + 1];

    public bool IsDefined { get; private set; }

    /// <summary>Reads a definition: how many codes there are of each length, then their symbols.</summary>
    /// <returns>How many bytes it took; 0 when it is none.</returns>
    public int Define(ReadOnlySpan<byte> data)
    {
        IsDefined = false;
        if (data.Length < Longest) return 0;
        var (code, total) = (0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            var count = data[length - 1];
            (_first[length], _end[length], _offset[length]) = (code, code + count, total);
            code += count;
            total += count;
            if (code > 1 << length) return 0;
            code <<= 1;
        }

        if (total > _symbols.Length || data.Length < Longest + total) return 0;
        data.Slice(Longest, total).CopyTo(_symbols);
        IsDefined = true;
        return Longest + total;
    }

    /// <summary>The next symbol; -1 when the bits are no code.</summary>
    public int Next(ref JpegBits bits)
    {
        var ahead = bits.Peek16();
        for (var length = 1; length <= Longest; length++)
        {
            var code = ahead >> (Longest - length);
            if (code >= _end[length]) continue;
            bits.Skip(length);
            return _symbols[_offset[length] + code - _first[length]];
        }

        return -1;
    }
}
