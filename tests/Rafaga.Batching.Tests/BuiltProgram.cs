using System.Diagnostics;

namespace Rafaga.Batching.Tests;

/// <summary>Starts a program of this repository that was built beside the tests.</summary>
internal static class BuiltProgram
{
    public static Process Start(string name, params IEnumerable<string> arguments)
    {
        // artifacts/bin/<project>/<configuration>/
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(here.Parent!.Parent!.FullName, name, here.Name, $"{name}.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
    }
}
