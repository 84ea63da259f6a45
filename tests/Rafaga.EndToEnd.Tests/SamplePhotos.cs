using Rafaga.Testing;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The pictures that ship with the product.</summary>
internal static class SamplePhotos
{
    private static readonly string[] Files = [.. Directory.GetFiles(System.IO.Path.Combine(Repository.Root, "samples", "photos"), "*.jpg").Order(StringComparer.Ordinal)];

    public static string Path(int index) => Files[index];

    public static string Named(string name) => Files.Single(file => System.IO.Path.GetFileNameWithoutExtension(file) == name);

    public static string[] Arguments(int count) => [.. Files.Take(count).SelectMany(file => new[] { "--photo", file })];
}
