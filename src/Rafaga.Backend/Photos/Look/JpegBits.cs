namespace Rafaga.Backend.Photos.Look;

/// <summary>The bits of a JPEG scan (ITU T.81, F.2.2.5): stuffed bytes left out, ended by any marker.</summary>
internal ref struct JpegBits(ReadOnlySpan<byte> file, int position)
{
    private readonly ReadOnlySpan<byte> _file = file;
    private int _position = position;
    private uint _bits;
    private int _count;
    private int _padding;

    /// <summary>Whether more bits were taken than there are; they read as zeros.</summary>
    public readonly bool IsExhausted => _count < _padding;

    /// <summary>The next 16 bits, which stay.</summary>
    public int Peek16()
    {
        while (_count < 16) Fill();
        return (int)(_bits >> 16);
    }

    public void Skip(int count)
    {
        while (_count < count) Fill();
        _bits <<= count;
        _count -= count;
    }

    /// <summary>A number of so many bits with the sign that its first bit tells (T.81, F.2.2.1).</summary>
    public int Signed(int bits)
    {
        if (bits == 0) return 0;
        var value = Peek16() >> (16 - bits);
        Skip(bits);
        return value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;
    }

    /// <summary>Goes on behind a restart marker; false when there is none.</summary>
    public bool Restart()
    {
        (_bits, _count, _padding) = (0, 0, 0);
        if (_position + 1 >= _file.Length || _file[_position] != 0xFF || _file[_position + 1] is not (>= 0xD0 and <= 0xD7)) return false;
        _position += 2;
        return true;
    }

    private void Fill()
    {
        uint next = 0;
        if (_position < _file.Length && _file[_position] != 0xFF) next = _file[_position++];
        else if (_position + 1 < _file.Length && _file[_position + 1] == 0)
        {
            next = 0xFF;
            _position += 2;
        }
        else
        {
            _padding += 8;
        }

        _bits |= next << (24 - _count);
        _count += 8;
    }
}
