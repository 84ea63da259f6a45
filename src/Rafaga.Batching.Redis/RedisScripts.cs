using System.Globalization;
using Rafaga.Batching.Model;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>The scripts of this assembly, by the names of their files. Options stand in their text as constants, so that no call carries them.</summary>
internal sealed class RedisScripts
{
    // In the scope of a script, for a global one costs a search at each use.
    private const string Functions = "local call, match, find, sub, format = redis.call, string.match, string.find, string.sub, string.format\n";

    private readonly string _constants;

    public RedisScripts(BatchingOptions options, string channel)
    {
        (string Name, object Value)[] constants =
        [
            ("QUIET", RedisSession.Microseconds(options.QuietPeriod)),
            ("MAX_WAIT", RedisSession.Microseconds(options.MaxWait)),
            ("MAX_MESSAGES", options.MaxMessages),
            ("MAX_PHOTOS", options.MaxPhotos),
            ("MAX_BYTES", options.MaxBytes),
            ("SOFT_MESSAGES", options.SoftMaxMessages),
            ("SOFT_PHOTOS", options.SoftMaxPhotos),
            ("GRACE", RedisSession.Microseconds(options.GroupGrace)),
            ("LEASE", RedisSession.Microseconds(options.LeaseDuration)),
            ("MAX_CRASHES", options.MaxCrashes),
            ("DUPLICATES", RedisSession.Microseconds(options.DuplicateRetention)),
            ("HISTORY", RedisSession.Microseconds(options.HistoryRetention)),
            ("CRASHED_TOO_OFTEN", $"'{ConversationModel.CrashedTooOften(options.MaxCrashes + 1)}'"),
            ("CHANNEL", $"'{channel}'"),
        ];
        _constants = string.Create(
            CultureInfo.InvariantCulture, $"local {string.Join(", ", constants.Select(c => c.Name))} = {string.Join(", ", constants.Select(c => Convert.ToString(c.Value, CultureInfo.InvariantCulture)))}");
        Append = Load("append", "window", "message", "edit", "names", "caps", "partition");
        Cancel = Load("cancel", "window");
        Claim = Load("claim", "window", "turn");
        Count = Load("count");
        Delete = Load("delete", "window", "message");
        Discard = Load("discard", "window");
        Ended = Load("ended");
        Erase = Load("erase", "window");
        Find = Load("find", "window");
        Flush = Load("flush", "window");
        HoldAll = Load("hold_all");
        List = Load("list");
        ListConversation = Load("list_conversation", "window");
        ListPaused = Load("list_paused");
        Look = Load("look");
        Mark = Load("mark");
        Pause = Load("pause");
        Purge = Load("purge");
        Renew = Load("renew");
        Replay = Load("replay", "window");
        Resume = Load("resume", "window");
        SaveProgress = Load("save_progress");
        Scan = Load("scan");
        Settle = Load("settle", "window", "turn");
        Supersede = Load("supersede", "window", "caps");
    }

    public RedisScript Append { get; }

    public RedisScript Cancel { get; }

    public RedisScript Claim { get; }

    public RedisScript Count { get; }

    public RedisScript Delete { get; }

    public RedisScript Discard { get; }

    public RedisScript Ended { get; }

    public RedisScript Erase { get; }

    public RedisScript Find { get; }

    public RedisScript Flush { get; }

    public RedisScript HoldAll { get; }

    public RedisScript List { get; }

    public RedisScript ListConversation { get; }

    public RedisScript ListPaused { get; }

    public RedisScript Look { get; }

    public RedisScript Mark { get; }

    public RedisScript Pause { get; }

    public RedisScript Purge { get; }

    public RedisScript Renew { get; }

    public RedisScript Replay { get; }

    public RedisScript Resume { get; }

    public RedisScript SaveProgress { get; }

    public RedisScript Scan { get; }

    public RedisScript Settle { get; }

    public RedisScript Supersede { get; }

    /// <summary>The script behind its constants and the parts that it uses, some of which it shares with others.</summary>
    private RedisScript Load(string name, params ReadOnlySpan<string> parts)
    {
        var text = Read(name);
        var header = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        List<string> all = [text[..header], Functions, _constants, "\n"];
        foreach (var part in parts) all.Add(Read(part));
        return new RedisScript(string.Concat([.. all, text[header..]]));
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(RedisScripts).Assembly.GetManifestResourceStream($"{name}.lua")!);
        return reader.ReadToEnd();
    }
}
