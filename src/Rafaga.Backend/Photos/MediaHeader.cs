namespace Rafaga.Backend.Photos;

/// <summary>What the first bytes say that a file is, whatever its sender calls it. Nothing is decoded.</summary>
/// <param name="MediaType">Of a short list, so that it is safe to serve by.</param>
/// <param name="Extension">With its dot.</param>
/// <param name="Plays">Whether it is film or sound.</param>
internal sealed record MediaHeader(string MediaType, string Extension, bool Plays)
{
    public const int Length = 64;

    public static MediaHeader Unknown { get; } = new("application/octet-stream", ".bin", Plays: false);

    private static readonly MediaHeader Mp4 = new("video/mp4", ".mp4", Plays: true);
    private static readonly MediaHeader Mp3 = new("audio/mpeg", ".mp3", Plays: true);
    private static readonly MediaHeader Aac = new("audio/aac", ".aac", Plays: true);

    public static MediaHeader Read(ReadOnlySpan<byte> data) => data switch
    {
        [.., _] when data.Length > 12 && data[4..8].SequenceEqual("ftyp"u8) => Brand(data[8..12]),
        [0x1A, 0x45, 0xDF, 0xA3, ..] => new("video/webm", ".webm", Plays: true),
        [.., _] when data.StartsWith("OggS"u8) => new("audio/ogg", ".ogg", Plays: true),
        [.., _] when data.StartsWith("ID3"u8) => Mp3,
        [.., _] when data.StartsWith("fLaC"u8) => new("audio/flac", ".flac", Plays: true),
        [.., _] when data.StartsWith("#!AMR"u8) => new("audio/amr", ".amr", Plays: true),
        [.., _] when data.Length > 12 && data.StartsWith("RIFF"u8) && data[8..12].SequenceEqual("WAVE"u8) => new("audio/wav", ".wav", Plays: true),
        [.., _] when data.Length > 12 && data.StartsWith("RIFF"u8) && data[8..12].SequenceEqual("AVI "u8) => new("video/x-msvideo", ".avi", Plays: true),
        [.., _] when data.StartsWith("GIF8"u8) => new("image/gif", ".gif", Plays: true),
        [.., _] when data.StartsWith("%PDF-"u8) => new("application/pdf", ".pdf", Plays: false),
        [.., _] when data.StartsWith("PK\x03\x04"u8) => new("application/zip", ".zip", Plays: false),
        // A frame of MPEG audio: eleven bits, then a layer, or none for AAC.
        [0xFF, var second, ..] when (second & 0xE0) == 0xE0 => (second & 0x06) == 0 ? Aac : Mp3,
        _ => Unknown,
    };

    private static MediaHeader Brand(ReadOnlySpan<byte> brand)
    {
        if (brand.StartsWith("M4A"u8) || brand.StartsWith("M4B"u8)) return new MediaHeader("audio/mp4", ".m4a", Plays: true);
        if (brand.SequenceEqual("qt  "u8)) return new MediaHeader("video/quicktime", ".mov", Plays: true);
        if (brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.SequenceEqual("mif1"u8)) return new MediaHeader("image/heic", ".heic", Plays: false);
        return Mp4;
    }
}
