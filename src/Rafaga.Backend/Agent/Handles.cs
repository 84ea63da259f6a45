using System.Globalization;

namespace Rafaga.Backend.Agent;

/// <summary>Short names that are good for one run; what was never handed out names nothing.</summary>
internal sealed class Handles(string prefix)
{
    private readonly Dictionary<Guid, string> _names = [];
    private readonly Dictionary<string, Guid> _ids = new(StringComparer.OrdinalIgnoreCase);

    public string For(Guid id)
    {
        if (_names.TryGetValue(id, out var name)) return name;
        name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{_names.Count + 1}");
        _names[id] = name;
        _ids[name] = id;
        return name;
    }

    public Guid? Find(string handle) => _ids.TryGetValue(handle, out var id) ? id : null;
}
