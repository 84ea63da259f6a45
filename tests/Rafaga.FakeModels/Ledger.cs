using System.Text.Json.Nodes;

namespace Rafaga.FakeModels;

/// <summary>Keeps the vendor's cache and writes the vendor's bill.</summary>
public sealed class Ledger(TimeProvider time)
{
    // Shorter beginnings are not cached, and nothing says so.
    private const int CacheFloor = 1024;
    private static readonly TimeSpan CacheLife = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _cache = [];
    private readonly List<LedgerLine> _lines = [];

    public IReadOnlyList<LedgerLine> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public JsonObject ToJson() => new()
    {
        ["calls"] = Lines.Count,
        ["input_tokens"] = Lines.Sum(line => line.Usage.Read),
        ["cached_tokens"] = Lines.Sum(line => line.Usage.CacheRead),
        ["output_tokens"] = Lines.Sum(line => line.Usage.Output),
        ["usd"] = Lines.Sum(line => line.Usd),
    };

    public TokenUsage Charge(ModelRequest request, int output)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var marks = request.CacheMarks.Where(mark => mark.Tokens >= CacheFloor).ToList();
            var read = marks.Where(mark => _cache.TryGetValue(request.Model + mark.Prefix, out var until) && until > now).Select(mark => mark.Tokens).DefaultIfEmpty(0).Max();
            var marked = marks.Select(mark => mark.Tokens).DefaultIfEmpty(0).Max();
            foreach (var mark in marks) _cache[request.Model + mark.Prefix] = now + CacheLife;
            var usage = new TokenUsage(request.InputTokens - marked, marked - read, read, output);
            _lines.Add(new LedgerLine(request.Model, usage, Price(request.Model, usage)));
            return usage;
        }
    }

    // The vendor's list, written down apart from the product's.
    private static decimal Price(string model, TokenUsage usage)
    {
        var (input, output) = model switch
        {
            _ when model.Contains("opus", StringComparison.Ordinal) => (4m, 20m),
            _ when model.Contains("sonnet", StringComparison.Ordinal) => (2m, 10m),
            _ when model.Contains("haiku", StringComparison.Ordinal) => usage.Read > 100_000 ? (0.5m, 2.5m) : (0.1m, 0.5m),
            _ => (0m, 0m),
        };
        return ((usage.Input * input) + (usage.CacheWrite * input * 1.25m) + (usage.CacheRead * input / 10) + (usage.Output * output)) / 1_000_000;
    }
}

public sealed record LedgerLine(string Model, TokenUsage Usage, decimal Usd);
