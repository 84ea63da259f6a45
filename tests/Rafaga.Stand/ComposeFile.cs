using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Rafaga.Stand;

/// <summary>compose.yaml, as far as a program needs it: services with what they run, with which environment, after whom.</summary>
public sealed class ComposeFile
{
    private readonly Dictionary<object, object> _root;

    private ComposeFile(Dictionary<object, object> root)
    {
        _root = root;
        Services = [.. Map(root, "services").Select(entry => new ComposeService((string)entry.Key, (Dictionary<object, object>)entry.Value))];
    }

    public IReadOnlyList<ComposeService> Services { get; }

    /// <summary>Names at the top, beside those that begin with x-.</summary>
    public IEnumerable<string> Sections => _root.Keys.Cast<string>().Where(name => !name.StartsWith("x-", StringComparison.Ordinal));

    public IReadOnlySet<string> Volumes => Keys("volumes");

    public IReadOnlySet<string> Secrets => Keys("secrets");

    /// <summary>Where the value of a secret lies, beside compose.yaml.</summary>
    public string SecretFile(string name) => (string)Map(Map(_root, "secrets"), name)["file"];

    public static ComposeFile Read(string path)
    {
        using var reader = new StreamReader(path);
        var root = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(reader)));
        return new ComposeFile(root);
    }

    /// <summary>Services in the order in which they can start.</summary>
    public IReadOnlyList<ComposeService> InOrder(IReadOnlySet<string> profiles)
    {
        List<ComposeService> ordered = [];
        foreach (var service in Services.Where(service => service.Profiles.Count == 0 || service.Profiles.Any(profiles.Contains))) Add(service);
        return ordered;

        void Add(ComposeService service)
        {
            if (ordered.Contains(service)) return;
            foreach (var before in service.DependsOn.Keys) Add(Services.Single(other => other.Name == before));
            ordered.Add(service);
        }
    }

    private HashSet<string> Keys(string section) => [.. Map(_root, section).Keys.Cast<string>()];

    internal static Dictionary<object, object> Map(Dictionary<object, object> parent, string name) => parent.TryGetValue(name, out var value) && value is Dictionary<object, object> map ? map : [];
}

/// <summary>One service.</summary>
public sealed class ComposeService
{
    private readonly Dictionary<object, object> _members;

    internal ComposeService(string name, Dictionary<object, object> members) => (Name, _members) = (name, members);

    public string Name { get; }

    public IReadOnlyCollection<string> Members => [.. _members.Keys.Cast<string>()];

    public string Image => Text("image") ?? "";

    /// <summary>Made from our own Dockerfile.</summary>
    public bool IsOurs => _members.ContainsKey("build");

    public IReadOnlyList<string> Command => List("command");

    public IReadOnlyList<string> Profiles => List("profiles");

    public IReadOnlyList<string> Ports => List("ports");

    public IReadOnlyList<string> Volumes => List("volumes");

    public IReadOnlyList<string> Secrets => List("secrets");

    public IReadOnlyDictionary<string, string> Environment =>
        ComposeFile.Map(_members, "environment").ToDictionary(entry => (string)entry.Key, entry => Convert.ToString(entry.Value, System.Globalization.CultureInfo.InvariantCulture)!, StringComparer.Ordinal);

    /// <summary>After whom it starts, and when that counts as started.</summary>
    public IReadOnlyDictionary<string, string> DependsOn =>
        ComposeFile.Map(_members, "depends_on").ToDictionary(entry => (string)entry.Key, entry => (string)((Dictionary<object, object>)entry.Value)["condition"], StringComparer.Ordinal);

    /// <summary>The command that tells whether it is healthy, without the word CMD; none when there is no check.</summary>
    public IReadOnlyList<string> HealthCheck => ComposeFile.Map(_members, "healthcheck").TryGetValue("test", out var test) && test is List<object> words
        ? [.. words.Cast<string>()]
        : [];

    public bool Is(string name) => Text(name) == "true";

    public IReadOnlyList<string> List(string name) => _members.TryGetValue(name, out var value) && value is List<object> list ? [.. list.Cast<string>()] : [];

    public string? Text(string name) => _members.TryGetValue(name, out var value) ? value as string : null;
}
