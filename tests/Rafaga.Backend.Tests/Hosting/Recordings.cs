using System.Globalization;
using System.Text;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>The smallest files that are films, sounds and documents by their first bytes.</summary>
internal static class Recordings
{
    /// <summary>By the name that the fake Telegram holds them under.</summary>
    public static IReadOnlyList<(string Name, byte[] Content)> All { get; } =
    [
        ("video1", Mp4(1)), ("video2", Mp4(2)), ("video3", Mp4(3)), ("voice1", Make("OggS", 1)), ("voice2", Make("OggS", 2)), ("audio1", Make("ID3", 1)), ("document1", Make("%PDF-1.4", 1)),
        ("placed1", Pictures.Jpeg(21, place: (43.36230, -8.41150), taken: new DateTime(2024, 8, 15, 12, 0, 0))),
    ];

    private static byte[] Mp4(int seed) => [0, 0, 0, 24, .. Make("ftypisom", seed)];

    private static byte[] Make(string start, int seed) => Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{start} and so on, number {seed}"));
}
