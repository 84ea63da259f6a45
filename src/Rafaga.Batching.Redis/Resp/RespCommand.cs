using System.Runtime.InteropServices;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>A command that can be sent, and sent again to another node.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct RespCommand
{
    /// <summary>For <see cref="KeyAt"/>: any node can carry it out.</summary>
    public const int NoKey = -1;

    public const string EvalByHash = "EVALSHA";

    /// <param name="name">Such as <c>GET</c>.</param>
    /// <param name="arguments">What follows it.</param>
    public RespCommand(string name, params ReadOnlySpan<RespArgument> arguments)
        : this(name, arguments.ToArray(), NoKey)
    {
    }

    private RespCommand(string name, RespArgument[] arguments, int keyAt) => (Name, Arguments, KeyAt) = (name, arguments, keyAt);

    public string Name { get; }

    public RespArgument[] Arguments { get; }

    /// <summary>Which argument is the first key and so decides, in a cluster, who is asked.</summary>
    public int KeyAt { get; }

    /// <summary>A command whose first argument is a key.</summary>
    public static RespCommand OnKey(string name, RespArgument key, params ReadOnlySpan<RespArgument> arguments) =>
        new(name, [key, .. arguments], 0);

    /// <summary>A script by its hash.</summary>
    public static RespCommand Eval(RedisScript script, ReadOnlySpan<RespArgument> keys, ReadOnlySpan<RespArgument> arguments)
    {
        // By hand, for a collection expression with spreads would go through a list.
        var all = new RespArgument[2 + keys.Length + arguments.Length];
        (all[0], all[1]) = (script.Hash, keys.Length);
        keys.CopyTo(all.AsSpan(2));
        arguments.CopyTo(all.AsSpan(2 + keys.Length));
        return new RespCommand(EvalByHash, all, keys.IsEmpty ? NoKey : 2);
    }

    /// <summary>The same call with the script's text, which makes the server know it.</summary>
    public RespCommand WithText(RedisScript script) => new("EVAL", [script.Text, .. Arguments.AsSpan(1)], KeyAt);
}
