namespace Rafaga.Batching.Redis.Resp;

/// <summary>Where a server listens.</summary>
internal readonly record struct RespEndpoint(string Host, int Port)
{
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
