using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Rafaga.Dashboard.Access;

/// <summary>Who is signed in. Kept in memory: a restart signs everybody out, and so does signing out, at once.</summary>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>Without a request for so long, a session ends.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>A session ends after so long in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private const int MaxSessions = 1000;

    // By the hash of the cookie: what lies in memory opens nothing.
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <returns>The value of the cookie.</returns>
    public string Begin(Role role)
    {
        Sweep();
        var cookie = NewSecret();
        var now = time.GetUtcNow();
        _sessions[Key(cookie)] = new Session(new Visitor(role, NewSecret(), SignedIn: true), now, now);
        return cookie;
    }

    public Visitor? Find(string? cookie)
    {
        if (string.IsNullOrEmpty(cookie) || !_sessions.TryGetValue(Key(cookie), out var session)) return null;
        var now = time.GetUtcNow();
        if (session.HasEnded(now))
        {
            _sessions.TryRemove(Key(cookie), out _);
            return null;
        }

        _sessions[Key(cookie)] = session with { UsedAt = now };
        return session.Visitor;
    }

    public void End(string? cookie)
    {
        if (cookie is not null) _sessions.TryRemove(Key(cookie), out _);
    }

    public static string NewSecret() => Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    private static string Key(string cookie) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(cookie)));

    private void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var (key, session) in _sessions)
        {
            if (session.HasEnded(now)) _sessions.TryRemove(key, out _);
        }

        foreach (var (key, _) in _sessions.OrderByDescending(s => s.Value.UsedAt).Skip(MaxSessions - 1)) _sessions.TryRemove(key, out _);
    }

    private sealed record Session(Visitor Visitor, DateTimeOffset BegunAt, DateTimeOffset UsedAt)
    {
        public bool HasEnded(DateTimeOffset now) => now - UsedAt > Idle || now - BegunAt > Longest;
    }
}
