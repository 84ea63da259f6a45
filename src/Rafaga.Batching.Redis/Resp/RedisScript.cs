using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>A Lua script and the hash by which servers that have seen it know it.</summary>
internal sealed class RedisScript(string text)
{
    public string Text { get; } = text;

    [SuppressMessage("Security", "CA5350", Justification = "Redis names scripts by SHA-1; nothing is protected by it.")]
    public string Hash { get; } = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
}
