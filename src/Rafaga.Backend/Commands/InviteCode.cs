using System.Security.Cryptography;
using System.Text;

namespace Rafaga.Backend.Commands;

/// <summary>The secret by which a person joins an event.</summary>
internal static class InviteCode
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    // 79 bits in letters and digits that are not taken for each other, and that Telegram allows in a link.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Length = 16;
    private const int MaxLength = 64;

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>What is kept of a code: enough to know it again, not enough to tell it.</summary>
    public static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code.Length <= MaxLength ? code.ToLowerInvariant() : "")));

    /// <summary>A text without the codes in it: whoever reads it later, model or operator, learns that there was one.</summary>
    public static string Without(string text, IEnumerable<string> codes) => codes.Aggregate(text, (rest, code) => rest.Replace(code, Hidden, StringComparison.OrdinalIgnoreCase));

    private const string Hidden = "••••••••";
}
