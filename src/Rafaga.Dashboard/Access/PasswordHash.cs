using System.Globalization;
using System.Security.Cryptography;

namespace Rafaga.Dashboard.Access;

/// <summary>A password as it may be kept: PBKDF2 with SHA-512, a salt of its own and 210,000 rounds. Text form: <c>pbkdf2-sha512$rounds$salt$hash</c>.</summary>
public sealed class PasswordHash
{
    private const string Scheme = "pbkdf2-sha512";
    private const int Rounds = 210_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private readonly int _rounds;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int rounds, byte[] salt, byte[] hash) => (_rounds, _salt, _hash) = (rounds, salt, hash);

    /// <summary>Hashes a password.</summary>
    public static PasswordHash Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(Rounds, salt, Derive(password, salt, Rounds, HashBytes));
    }

    /// <summary>Takes a setting for what it is: a hash in text form, or else a password.</summary>
    /// <exception cref="FormatException">It begins as a hash, but is none.</exception>
    public static PasswordHash Read(string setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (!setting.StartsWith(Scheme + "$", StringComparison.Ordinal)) return Of(setting);
        return setting.Split('$') is [_, var rounds, var salt, var hash]
            && int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 10_000 and <= 10_000_000
            && Convert.FromBase64String(hash) is { Length: >= 16 and <= 64 } bytes
                ? new PasswordHash(count, Convert.FromBase64String(salt), bytes)
                : throw new FormatException($"The hash of a password has the form {Scheme}$rounds$salt$hash, with at least 10000 rounds.");
    }

    /// <summary>Whether this is the password; takes the same time whatever is wrong.</summary>
    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(_hash, Derive(password, _salt, _rounds, _hash.Length));

    /// <summary>The text form.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scheme}${_rounds}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}");

    private static byte[] Derive(string password, byte[] salt, int rounds, int bytes) => Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA512, bytes);
}
