using Rafaga.Contracts;

namespace Rafaga.Bot.Commands;

/// <summary>What a person can order, and under which names. All names work in every language; the menu shows those of the person's own.</summary>
internal static class CommandNames
{
    public const string Start = "start";
    public const string Help = "help";
    public const string Done = "done";
    public const string Cancel = "cancel";
    public const string Events = "events";
    public const string Memories = "memories";
    public const string Undo = "undo";
    public const string Revoke = "revoke";
    public const string Export = "export";
    public const string Forget = "forget";
    public const string Language = "language";
    public const string Privacy = "privacy";

    public const string Delete = "delete";
    public const string Hide = "hide";
    public const string Show = "show";
    public const string Move = "move";
    public const string Caption = "caption";
    public const string Members = "members";
    public const string Remove = "remove";
    public const string Leave = "leave";

    /// <summary>Only on a button: everything stays.</summary>
    public const string Keep = "keep";

    private static readonly Dictionary<string, string> Spanish = new()
    {
        [Help] = "ayuda",
        [Done] = "listo",
        [Cancel] = "cancelar",
        [Events] = "eventos",
        [Memories] = "recuerdos",
        [Undo] = "deshacer",
        [Revoke] = "revocar",
        [Export] = "exportar",
        [Forget] = "olvidar",
        [Language] = "idioma",
        [Privacy] = "privacidad",
        [Delete] = "borrar",
        [Hide] = "ocultar",
        [Show] = "mostrar",
        [Move] = "mover",
        [Caption] = "texto",
        [Members] = "miembros",
        [Remove] = "quitar",
        [Leave] = "salir",
    };

    // What the backend carries out, under its name for it.
    private static readonly Dictionary<string, string> Orders = new()
    {
        [Events] = PersonCommand.Events,
        [Memories] = PersonCommand.Memories,
        [Undo] = PersonCommand.Undo,
        [Revoke] = PersonCommand.Revoke,
        [Language] = PersonCommand.Language,
        [Privacy] = PersonCommand.Privacy,
        [Delete] = PersonCommand.Delete,
        [Hide] = PersonCommand.Hide,
        [Show] = PersonCommand.Show,
        [Move] = PersonCommand.Move,
        [Caption] = PersonCommand.Caption,
        [Members] = PersonCommand.Members,
        [Remove] = PersonCommand.Remove,
        [Leave] = PersonCommand.Leave,
    };

    /// <summary>Those of the menu, in its order.</summary>
    public static IReadOnlyList<string> Menu { get; } = [Help, Done, Cancel, Events, Memories, Undo, Revoke, Language, Privacy, Export, Forget];

    private static readonly Dictionary<string, string> Known = Spanish.Keys.Append(Start)
        .Select(name => KeyValuePair.Create(name, name))
        .Concat(Spanish.Select(pair => KeyValuePair.Create(pair.Value, pair.Key)))
        .ToDictionary();

    public static bool IsKnown(string name) => Known.ContainsKey(name);

    /// <summary>The English name; null when there is no such command.</summary>
    public static string? Canonical(string name) => Known.GetValueOrDefault(name);

    /// <summary>What the backend is told; null for what is not its to do.</summary>
    public static string? Order(string? name) => name is null ? null : Orders.GetValueOrDefault(name);

    /// <summary>Whether the answer to an order shows what is a person's own, also from other chats: it is not for a group's eyes.</summary>
    public static bool ShowsOwn(string order) => order is PersonCommand.Events or PersonCommand.Event or PersonCommand.Memories or PersonCommand.Members;

    /// <summary>The name in a language.</summary>
    public static string In(string name, string? language) => language == "es" ? Spanish.GetValueOrDefault(name, name) : name;
}
