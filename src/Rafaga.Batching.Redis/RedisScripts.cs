using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>The scripts of this assembly, by the names of their files.</summary>
internal static class RedisScripts
{
    public static RedisScript Append { get; } = Load("append");

    public static RedisScript Cancel { get; } = Load("cancel");

    public static RedisScript Claim { get; } = Load("claim");

    public static RedisScript Count { get; } = Load("count");

    public static RedisScript Discard { get; } = Load("discard");

    public static RedisScript Ended { get; } = Load("ended");

    public static RedisScript Find { get; } = Load("find");

    public static RedisScript Flush { get; } = Load("flush");

    public static RedisScript List { get; } = Load("list");

    public static RedisScript ListConversation { get; } = Load("list_conversation");

    public static RedisScript Look { get; } = Load("look");

    public static RedisScript Purge { get; } = Load("purge");

    public static RedisScript Renew { get; } = Load("renew");

    public static RedisScript Replay { get; } = Load("replay");

    public static RedisScript SaveProgress { get; } = Load("save_progress");

    public static RedisScript Settle { get; } = Load("settle");

    private static RedisScript Load(string name)
    {
        using var reader = new StreamReader(typeof(RedisScripts).Assembly.GetManifestResourceStream($"{name}.lua")!);
        return new RedisScript(reader.ReadToEnd());
    }
}
