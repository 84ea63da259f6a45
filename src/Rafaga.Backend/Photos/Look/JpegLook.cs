using System.Buffers.Binary;
using Rafaga.Telegram;

namespace Rafaga.Backend.Photos.Look;

/// <summary>
/// Reads how a JPEG looks from its coarsest part, the mean of each block of 8 by 8 pixels. Nothing is decoded to pixels: memory is the same for every
/// picture, and the time is bounded by the length of the file, because each symbol takes a bit of it.
/// </summary>
internal sealed class JpegLook
{
    /// <summary>Longer files are not read.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    // More than a sound picture has; a broken one would run away.
    private const int MaxMean = 32_767;

    private readonly JpegCodes[] _dcCodes = [new(), new(), new(), new()];
    private readonly JpegCodes[] _acCodes = [new(), new(), new(), new()];
    private readonly int[] _dcSteps = new int[4];
    private int _restart;
    private Frame? _frame;

    private JpegLook()
    {
    }

    /// <summary>The look of a picture; null when it is no JPEG of the usual kinds, is broken, too small, too long or too plain.</summary>
    public static ulong? Read(ReadOnlySpan<byte> file) =>
        file.Length is > 4 and <= MaxBytes && file[0] == 0xFF && file[1] == 0xD8 ? new JpegLook().Segments(file) : null;

    private ulong? Segments(ReadOnlySpan<byte> file)
    {
        var at = 2;
        while (at + 4 <= file.Length)
        {
            // Between segments, and behind the scans that are passed over.
            if (file[at] != 0xFF || file[at + 1] is 0 or 0xFF or (>= 0xD0 and <= 0xD7))
            {
                at++;
                continue;
            }

            var marker = file[at + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (marker == 0xD9 || length < 2 || at + 2 + length > file.Length) return null;
            var data = file.Slice(at + 4, length - 2);
            at += 2 + length;
            if (marker == 0xDA && IsLuma(data)) return Scan(data, new JpegBits(file, at));
            if (!Segment(marker, data)) return null;
        }

        return null;
    }

    // False when the file is broken, or of a kind that is not read.
    private bool Segment(byte marker, ReadOnlySpan<byte> data)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                return _frame is null && (_frame = Frame.Read(data, isProgressive: marker == 0xC2)) is not null;
            case 0xC4:
                return DefineCodes(data);
            case >= 0xC3 and <= 0xCF and not (0xC8 or 0xCC):
                return false;
            case 0xDB:
                return DefineSteps(data);
            case 0xDD:
                if (data.Length >= 2) _restart = BinaryPrimitives.ReadUInt16BigEndian(data);
                return true;
            default:
                return true;
        }
    }

    private bool DefineCodes(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var (kind, id) = (data[0] >> 4, data[0] & 15);
            if (kind > 1 || id > 3) return false;
            var taken = (kind == 0 ? _dcCodes : _acCodes)[id].Define(data[1..]);
            if (taken == 0) return false;
            data = data[(1 + taken)..];
        }

        return true;
    }

    private bool DefineSteps(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var (wide, id) = (data[0] >> 4, data[0] & 15);
            var length = 1 + (wide == 0 ? 64 : 128);
            if (wide > 1 || id > 3 || data.Length < length) return false;
            _dcSteps[id] = wide == 0 ? data[1] : BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
            data = data[length..];
        }

        return true;
    }

    // The first scan that tells the means of the brightness; all others are passed over.
    private bool IsLuma(ReadOnlySpan<byte> scan) =>
        _frame is { } frame && scan.Length >= 1 && scan[0] is >= 1 and <= 3 && scan.Length >= 4 + (2 * scan[0]) && scan[^3] == 0 && scan[1] == frame.Parts[0].Id;

    private ulong? Scan(ReadOnlySpan<byte> scan, JpegBits bits)
    {
        var frame = _frame!;
        var parts = new ScanPart[scan[0]];
        for (var i = 0; i < parts.Length; i++)
        {
            var (id, tables) = (scan[1 + (2 * i)], scan[2 + (2 * i)]);
            var part = Array.Find(frame.Parts, candidate => candidate.Id == id);
            if (part is null || (tables >> 4) > 3 || (tables & 15) > 3) return null;
            parts[i] = new ScanPart(part, _dcCodes[tables >> 4], frame.IsProgressive ? null : _acCodes[tables & 15]);
            if (!parts[i].Dc.IsDefined || parts[i].Ac is { IsDefined: false }) return null;
        }

        var (shift, step) = (scan[^1] & 15, _dcSteps[frame.Parts[0].Steps]);
        if (step == 0 || shift > 13 || scan[^1] >> 4 != 0) return null;
        var luma = frame.Parts[0];
        var (wide, high) = (Frame.Own(frame.Width, luma.Across, frame.MaxAcross), Frame.Own(frame.Height, luma.Down, frame.MaxDown));
        var grid = new LookGrid(wide, high);
        if (!grid.IsFine) return null;

        // A scan of one part alone has no units larger than a block.
        var alone = parts.Length == 1;
        var (unitsWide, unitsHigh) = alone ? (Frame.Units(wide, 1), Frame.Units(high, 1)) : (Frame.Units(frame.Width, frame.MaxAcross), Frame.Units(frame.Height, frame.MaxDown));
        for (int unit = 0, units = unitsWide * unitsHigh; unit < units; unit++)
        {
            if (_restart > 0 && unit > 0 && unit % _restart == 0)
            {
                if (!bits.Restart()) return null;
                foreach (var part in parts) part.Mean = 0;
            }

            foreach (var part in parts)
            {
                var (across, down) = alone ? (1, 1) : (part.Of.Across, part.Of.Down);
                for (var block = 0; block < across * down; block++)
                {
                    if (!part.Next(ref bits) || Math.Abs(part.Mean) > MaxMean || bits.IsExhausted) return null;
                    if (part.Of == luma) grid.Add((unit % unitsWide * across) + (block % across), (unit / unitsWide * down) + (block / across), ((long)part.Mean << shift) * step);
                }
            }
        }

        return grid.ToBits();
    }

    /// <param name="Id">As scans name it.</param>
    /// <param name="Across">Blocks in a unit, side by side.</param>
    /// <param name="Down">Blocks in a unit, one above the other.</param>
    /// <param name="Steps">Its quantization table.</param>
    private sealed record Part(byte Id, int Across, int Down, int Steps);

    private sealed record Frame(int Width, int Height, Part[] Parts, bool IsProgressive)
    {
        public int MaxAcross => Parts.Max(part => part.Across);

        public int MaxDown => Parts.Max(part => part.Down);

        // Grey or colour of eight bits; what printers use is left alone.
        public static Frame? Read(ReadOnlySpan<byte> data, bool isProgressive)
        {
            if (data.Length < 6 || data[0] != 8 || data[5] is not (1 or 3) || data.Length < 6 + (3 * data[5])) return null;
            var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(data[1..]), BinaryPrimitives.ReadUInt16BigEndian(data[3..]));
            if (width is 0 or > ImageHeader.MaxSide || height is 0 or > ImageHeader.MaxSide || (long)width * height > ImageHeader.MaxPixels) return null;
            var parts = new Part[data[5]];
            for (var i = 0; i < parts.Length; i++)
            {
                var part = data.Slice(6 + (3 * i), 3);
                parts[i] = new Part(part[0], part[1] >> 4, part[1] & 15, part[2]);
                if (parts[i] is not { Across: >= 1 and <= 4, Down: >= 1 and <= 4, Steps: <= 3 }) return null;
            }

            return new Frame(width, height, parts, isProgressive);
        }

        public static int Units(int pixels, int most) => (pixels + (8 * most) - 1) / (8 * most);

        // Colours are often told in fewer pixels than brightness.
        public static int Own(int pixels, int own, int most) => ((pixels * own) + most - 1) / most;
    }

    private sealed class ScanPart(Part of, JpegCodes dc, JpegCodes? ac)
    {
        public Part Of => of;

        public JpegCodes Dc => dc;

        public JpegCodes? Ac => ac;

        /// <summary>Of the last block, in steps.</summary>
        public int Mean { get; set; }

        /// <summary>Goes on by one block; false when the bits are none.</summary>
        public bool Next(ref JpegBits bits)
        {
            var length = dc.Next(ref bits);
            if (length is < 0 or > 15) return false;
            Mean += bits.Signed(length);
            return ac is null || PassDetails(ref bits);
        }

        private bool PassDetails(ref JpegBits bits)
        {
            for (var at = 1; at < 64; at++)
            {
                var symbol = ac!.Next(ref bits);
                if (symbol < 0) return false;
                var (zeros, length) = (symbol >> 4, symbol & 15);
                if (length == 0 && zeros < 15) return true;
                at += zeros;
                bits.Skip(length);
            }

            return true;
        }
    }
}
