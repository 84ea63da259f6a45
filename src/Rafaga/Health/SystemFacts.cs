using Rafaga.Backend.Models;
using Rafaga.Dashboard.Health;
using Rafaga.Doctor;
using Rafaga.Resources;
using Rafaga.Settings;

namespace Rafaga.Health;

/// <summary>What the page on this process shows beyond the queue: its settings, where its data is, and what <c>rafaga doctor</c> finds.</summary>
internal sealed class SystemFacts(RafagaSettings settings, DataFolder data, IServiceProvider services) : ISystemFacts
{
    private readonly Lock _gate = new();
    private Task? _running;
    private volatile Examined? _last;

    public IReadOnlyList<SettingFact> Settings { get; } =
        [.. settings.Effective.Select(setting => new SettingFact(setting.Name, setting.Value, setting.Source == SettingSource.Default ? null : SourceName(setting.Source)))];

    public IReadOnlyList<(string Label, string Value)> Places { get; } =
    [
        ("queue", Value("Redis", "Url", settings) ?? data.Queue),
        ("memories", Value("Database", "Url", settings) ?? data.Memories),
        ("photos", data.Photos),
        ("backend", settings.Backend.Url?.ToString() ?? "–"),
    ];

    public bool SomeChecksCost => settings.Telegram.BotToken is not null || Array.Exists([ModelSettings.Agent(settings), ModelSettings.Photos(settings)], model => model.Provider != ModelProvider.Offline);

    public async Task<IReadOnlyList<CheckFact>> CheckAsync(string language, CancellationToken cancellationToken)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var ready = HealthEndpoints.RunAsync(services.GetServices<ReadinessCheck>(), time, services.GetRequiredService<ILoggerFactory>(), cancellationToken);
        var findings = await (SomeChecksCost ? Examination.OurOwnAsync(settings, time, cancellationToken) : Examination.RunAsync(settings, time, cancellationToken));
        return [.. Roles(await ready, Texts.For(language)), .. Facts(findings, language)];
    }

    public Task CheckAllAsync()
    {
        // Whoever asks while they run waits for the same answers: each call is counted by somebody.
        lock (_gate) return _running = _running is { IsCompleted: false } ? _running : RunAsync();

        async Task RunAsync()
        {
            var time = services.GetRequiredService<TimeProvider>();
            var findings = await Examination.OfOthersAsync(settings, time, CancellationToken.None);
            _last = new Examined(time.GetUtcNow(), findings);
        }
    }

    public (DateTimeOffset At, IReadOnlyList<CheckFact> Checks)? LastCheck(string language) => _last is { } last ? (last.At, Facts(last.Findings, language)) : null;

    /// <summary>How the sources are called, in every language.</summary>
    public static string SourceName(SettingSource source) => source switch
    {
        SettingSource.AppSettings => "appsettings.json",
        SettingSource.Environment => "environment",
        SettingSource.File => "file",
        SettingSource.CommandLine => "command line",
        _ => "default",
    };

    private static IEnumerable<CheckFact> Roles(CheckResult[] results, Texts texts) => Array.TrueForAll(results, result => result.Trouble is null)
        ? [new CheckFact(texts["Check_roles"], CheckGrade.Good, texts["RolesReady"])]
        : results.Where(result => result.Trouble is not null).Select(result => new CheckFact(texts["Check_" + result.Name], CheckGrade.Bad, result.Trouble!));

    private static List<CheckFact> Facts(IEnumerable<Finding> findings, string language)
    {
        var texts = Texts.For(language);
        return [.. findings.Select(finding => new CheckFact(texts["Check_" + finding.Name], Grade(finding.Verdict), finding.Message(texts)))];
    }

    private static CheckGrade Grade(Verdict verdict) => verdict switch { Verdict.Ok => CheckGrade.Good, Verdict.Warning => CheckGrade.Warning, _ => CheckGrade.Bad };

    private static string? Value(string section, string name, RafagaSettings settings) =>
        settings.Effective.FirstOrDefault(setting => setting.Name == SettingNames.FromKey($"{RafagaSettings.Section}:{section}:{name}"))?.Value;

    private sealed record Examined(DateTimeOffset At, IReadOnlyList<Finding> Findings);
}
