using System.Text.Json;

namespace Rafaga.Stand;

/// <summary>The Dockerfile, instruction by instruction.</summary>
public sealed class Dockerfile
{
    private Dockerfile(IReadOnlyList<(string Instruction, string Argument)> all) => All = all;

    public IReadOnlyList<(string Instruction, string Argument)> All { get; }

    /// <summary>Those of the stage that becomes the image.</summary>
    public IReadOnlyList<(string Instruction, string Argument)> Last => [.. All.Skip(All.ToList().FindLastIndex(line => line.Instruction == "FROM"))];

    /// <summary>What a container runs, before the command of its service.</summary>
    public IReadOnlyList<string> EntryPoint => JsonSerializer.Deserialize<string[]>(Argument("ENTRYPOINT"))!;

    public static Dockerfile Read(string path)
    {
        List<(string, string)> instructions = [];
        var whole = File.ReadAllText(path).Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (var line in whole.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            instructions.Add((line[..space], line[(space + 1)..].Trim()));
        }

        return new Dockerfile(instructions);
    }

    /// <summary>The last word of an instruction in the last stage.</summary>
    public string Argument(string instruction) => Last.Last(line => line.Instruction == instruction).Argument;

    /// <summary>The environment of every container.</summary>
    public IReadOnlyDictionary<string, string> Environment() => Last.Where(line => line.Instruction == "ENV")
        .SelectMany(line => line.Argument.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
