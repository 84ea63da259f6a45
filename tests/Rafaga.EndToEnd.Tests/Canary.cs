using System.Text.RegularExpressions;

namespace Rafaga.EndToEnd.Tests;

/// <summary>Tokens, keys, names and words that must not come to light, looked for in all that a run says, shows and keeps.</summary>
internal sealed partial class Canary
{
    /// <summary>The secret between worker and backend, where a test has none of its own.</summary>
    public const string Secret = "canary-secret-that-nobody-may-see";

    private const int MaxPages = 40;

    // The token of the simulated chat is in every URL that our own client calls.
    private readonly HashSet<string> _secrets = [Secret, "simulated-chat-on-this-machine"];
    private readonly HashSet<string> _words = [];
    private readonly List<string> _found = [];

    public Canary(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, value) in environment)
        {
            if (SecretName().IsMatch(name)) Guard(value.Split(':')[^1]);
            if (Uri.TryCreate(value, UriKind.Absolute, out var url) && url.UserInfo.Split(':') is [_, var password]) Guard(password);
        }
    }

    /// <summary>Something that a person wrote, or is called: no log holds it. Short words may be in a log by chance.</summary>
    public void Hear(string words)
    {
        if (words.Length >= 8 && words.Contains(' ', StringComparison.Ordinal)) _words.Add(words);
    }

    public void LookIn(string where, string text)
    {
        foreach (var secret in _secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal))) _found.Add($"{where} holds the secret {secret}");
    }

    /// <summary>At the default level a log holds no words either.</summary>
    public void LookInLog(string log)
    {
        LookIn("the log", log);
        foreach (var words in _words.Where(words => log.Contains(words, StringComparison.OrdinalIgnoreCase))) _found.Add($"the log holds what a person wrote or is called: {words}");
    }

    /// <summary>Every page, from link to link, and what machines read: figures, states, batches and dead letters whole.</summary>
    public async Task LookAtPagesAsync(HttpClient http)
    {
        Queue<string> pages = new(["/", "/metrics", "/health/ready", "/api/status", "/api/windows", "/api/memories", "/api/runs", "/api/batches?limit=50"]);
        HashSet<string> seen = [.. pages];
        for (var left = MaxPages; left > 0 && pages.TryDequeue(out var page); left--)
        {
            using var response = await http.GetAsync(page);
            var text = await response.Content.ReadAsStringAsync();
            LookIn(page, text);
            if (response.Content.Headers.ContentType?.MediaType == "application/json") text = string.Concat(BatchId().Matches(text).Select(id => $"href=\"/api/batches/{id.Groups["id"]}\""));
            foreach (var link in Link().Matches(text).Select(match => match.Groups["to"].Value).Where(seen.Add)) pages.Enqueue(link);
        }
    }

    /// <summary>Queue, memories, chats and rejected updates, as bytes.</summary>
    public void LookInFiles(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !ImageName().IsMatch(file)))
            LookIn(Path.GetRelativePath(folder, file), System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)));
    }

    /// <exception cref="InvalidOperationException">Something came to light.</exception>
    public void Judge()
    {
        if (_found.Count > 0) throw new InvalidOperationException($"Secrets or words came to light:\n{string.Join('\n', _found.Distinct())}");
    }

    private void Guard(string secret)
    {
        if (secret.Length >= 8) _secrets.Add(secret);
    }

    [GeneratedRegex("(TOKEN|SECRET|APIKEY|API_KEY)$")]
    private static partial Regex SecretName();

    [GeneratedRegex("href=\"(?<to>/[^\"#]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex("\"id\":\"(?<id>[0-9a-f]{32})\"", RegexOptions.ExplicitCapture)]
    private static partial Regex BatchId();

    [GeneratedRegex(@"\.(jpg|png|webp|gif)$")]
    private static partial Regex ImageName();
}
