using System.Reflection;
using Rafaga.Backend.Models;
using Rafaga.Resources;
using Rafaga.Settings;

namespace Rafaga.Hosting;

/// <summary>What runs, where the data lies, and how to go real: printed at the start and repeated by <c>rafaga status</c>.</summary>
internal static class Banner
{
    private const int LabelWidth = 10;

    public static string Version { get; } = typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static IReadOnlyList<string> Lines(RafagaSettings settings, Roles roles, DataFolder data, Uri url, string? botName, Texts texts)
    {
        var local = settings.Telegram.BotToken is null;
        List<string> lines = [$"rafaga {Version}   {Tagline(settings, local, botName, texts)}"];
        if (!roles.HasFlag(Roles.Bot | Roles.Worker | Roles.Dashboard)) Add(texts["Roles"], roles.ToString().ToLowerInvariant());
        Add(texts[roles.HasFlag(Roles.Dashboard) ? local ? "Chat" : "Page" : "Address"], url.ToString());
        Add(texts["Window"], texts["WindowValue", settings.Window.QuietSeconds, settings.Window.MaxWaitSeconds]);
        // Where the memories lie is known to their backend alone.
        if (!roles.HasFlag(Roles.Backend)) Add(texts["State"], texts[settings.Redis.Url is null ? "StateQueueSqlite" : "StateQueueRedis"]);
        else if (roles != Roles.Backend) Add(texts["State"], texts[(settings.Redis.Url is null, IsPostgreSql(settings)) switch
        {
            (true, false) => "StateValue",
            (true, true) => "StatePostgreSql",
            (false, false) => "StateRedis",
            (false, true) => "StateRedisPostgreSql",
        }]);
        var queue = settings.Redis.Url is null ? Shown(data.Queue) : "Redis batch:*";
        if (!roles.HasFlag(Roles.Backend)) Add(texts["Data"], $"{queue}  {Shown(data.Root)}");
        else Add(texts["Data"], $"{(roles == Roles.Backend ? "" : queue + "  ")}{(IsPostgreSql(settings) ? "PostgreSQL" : settings.Database.Url ?? Shown(data.Memories))}  {Shown(data.Photos)}");
        if (!local && roles.HasFlag(Roles.Bot)) Add(texts["Access"], texts[settings.Access.Mode switch { "allowlist" => "AccessAllowlist", "invite" => "AccessInvite", "off" => "AccessOff", _ => "AccessOpen" }]);
        var offline = roles.HasFlag(Roles.Backend) && ModelSettings.Agent(settings).Provider == ModelProvider.Offline;
        var goReal = new[] { local ? texts["GoRealTelegram"] : null, offline ? texts["GoRealClaude"] : null }.OfType<string>().ToList();
        if (goReal.Count > 0) Add(texts["GoReal"], string.Join("   ", goReal));
        if (local && roles.HasFlag(Roles.Dashboard)) Add(texts["Try"], texts["TryValue"]);
        return lines;

        void Add(string label, string value) => lines.Add($"  {label.PadRight(LabelWidth)} {value}");
    }

    private static string Tagline(RafagaSettings settings, bool local, string? botName, Texts texts)
    {
        var chat = local ? texts["TaglineLocal"] : botName is null ? texts["TaglineUnreached"] : texts["TaglineTelegram", botName];
        if (settings.Backend.Url is { } backend) return $"{chat}, {texts["TaglineOwnBackend", backend]}";
        var model = ModelSettings.Agent(settings);
        if (model.Provider != ModelProvider.Offline) return $"{chat}, {texts["TaglineModel", model.Model]}";
        return $"{chat}, {texts["TaglineOffline"]}{(local ? " " + texts["TaglineStays"] : "")}";
    }

    private static bool IsPostgreSql(RafagaSettings settings) => settings.Database.Url?.TrimStart().StartsWith("postgres", StringComparison.OrdinalIgnoreCase) == true;

    // Relative to where the person stands, when that is shorter.
    private static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? path : "./" + relative;
    }
}
