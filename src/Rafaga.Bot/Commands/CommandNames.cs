namespace Rafaga.Bot.Commands;

/// <summary>What a person can order, and under which names. All names work in every language; the menu shows those of the person's own.</summary>
internal static class CommandNames
{
    public const string Start = "start";
    public const string Help = "help";
    public const string Done = "done";
    public const string Cancel = "cancel";
    public const string Undo = "undo";
    public const string Revoke = "revoke";

    private static readonly Dictionary<string, string> Spanish = new()
    {
        [Help] = "ayuda",
        [Done] = "listo",
        [Cancel] = "cancelar",
        [Undo] = "deshacer",
        [Revoke] = "revocar",
    };

    private static readonly Dictionary<string, string> Known = new string[] { Start, Help, Done, Cancel, Undo, Revoke }
        .Select(name => KeyValuePair.Create(name, name))
        .Concat(Spanish.Select(pair => KeyValuePair.Create(pair.Value, pair.Key)))
        .ToDictionary();

    public static bool IsKnown(string name) => Known.ContainsKey(name);

    /// <summary>The English name; null when there is no such command.</summary>
    public static string? Canonical(string name) => Known.GetValueOrDefault(name);

    /// <summary>The name in a language.</summary>
    public static string In(string name, string? language) => language == "es" ? Spanish.GetValueOrDefault(name, name) : name;
}
