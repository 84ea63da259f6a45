using System.Buffers.Text;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>Numbers as RESP writes them.</summary>
internal static class RespNumbers
{
    /// <summary>Digits and sign of the smallest 64-bit number.</summary>
    public const int MaxDigits = 20;

    public static bool TryParse(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;

    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        if (text.SequenceEqual("inf"u8) || text.SequenceEqual("+inf"u8))
        {
            number = double.PositiveInfinity;
            return true;
        }

        if (text.SequenceEqual("-inf"u8))
        {
            number = double.NegativeInfinity;
            return true;
        }

        if (text.SequenceEqual("nan"u8) || text.SequenceEqual("-nan"u8))
        {
            number = double.NaN;
            return true;
        }

        return Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;
    }
}
