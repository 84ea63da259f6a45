using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Rafaga.Dashboard.Access;

/// <summary>Checks passwords, and makes guessing slow: wrong ones wait for their answer, longer and longer; the right one never does.</summary>
internal sealed class Passwords : IDisposable
{
    private const int FreeFailures = 3;
    private const int MaxWaiting = 8;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);

    private readonly TimeProvider _time;
    private readonly PasswordHash? _operator;
    private readonly PasswordHash? _reader;
    private readonly AddressRate _rate;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _hashing = new(1);

    // Right ones only, under a key that dies with the process.
    private readonly ConcurrentDictionary<string, Role> _known = new(StringComparer.Ordinal);
    private readonly byte[] _memory = RandomNumberGenerator.GetBytes(32);
    private int _failures;
    private int _waiting;
    private DateTimeOffset _lastFailure;

    public Passwords(DashboardOptions options, TimeProvider time)
    {
        _time = time;
        _rate = new AddressRate(options.LoginsPerMinute, time);
        _operator = options.Password is { } password ? PasswordHash.Read(password) : null;
        _reader = options.ReaderPassword is { } reader ? PasswordHash.Read(reader) : null;
    }

    /// <summary>Nobody needs to sign in: this process listens on the loopback address only.</summary>
    public bool Open => _operator is null && _reader is null;

    /// <param name="password">What was given.</param>
    /// <param name="from">Who gave it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whose password it is; nobody's when it is wrong, or when so many came that nobody looks at more before a time.</returns>
    public async Task<(Role? Role, TimeSpan? Wait)> CheckAsync(string password, IPAddress from, CancellationToken cancellationToken)
    {
        if (_rate.Take(from) is { } wait) return (null, wait);
        if (await LookAsync(password, cancellationToken) is { } role) return (role, null);
        var delay = Failed();
        lock (_gate)
        {
            if (_waiting >= MaxWaiting) return (null, LongestWait);
            _waiting++;
        }

        try
        {
            await Task.Delay(delay, _time, cancellationToken);
            return (null, null);
        }
        finally
        {
            lock (_gate) _waiting--;
        }
    }

    // Hashing is slow on purpose: a crowd of guesses must not take every core.
    private async Task<Role?> LookAsync(string password, CancellationToken cancellationToken)
    {
        await _hashing.WaitAsync(cancellationToken);
        try
        {
            // Both are tried, so that time does not tell which one exists.
            return (_operator?.Matches(password), _reader?.Matches(password)) switch
            {
                (true, _) => Role.Operator,
                (_, true) => Role.Reader,
                _ => null,
            };
        }
        finally
        {
            _hashing.Release();
        }
    }

    /// <summary>For programs, which name the password with every request: hashing it for long once is enough.</summary>
    public async Task<(Role? Role, TimeSpan? Wait)> CheckAgainAsync(string password, IPAddress from, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(HMACSHA256.HashData(_memory, Encoding.UTF8.GetBytes(password)));
        if (_known.TryGetValue(key, out var role)) return (role, null);
        var check = await CheckAsync(password, from, cancellationToken);
        if (check.Role is { } found) _known[key] = found;
        return check;
    }

    public void Dispose() => _hashing.Dispose();

    private TimeSpan Failed()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            _failures = now - _lastFailure > Forgotten ? 1 : _failures + 1;
            _lastFailure = now;
            return _failures <= FreeFailures ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, _failures - FreeFailures - 1)));
        }
    }
}
