using Rafaga.Dashboard.Health;
using Rafaga.Resources;
using Rafaga.Settings;

namespace Rafaga.Health;

/// <summary>What the page on this process shows beyond the queue: its settings, where its data is, and whether what it needs answers.</summary>
internal sealed class SystemFacts(RafagaSettings settings, DataFolder data, IServiceProvider services) : ISystemFacts
{
    public IReadOnlyList<SettingFact> Settings { get; } =
        [.. settings.Effective.Select(setting => new SettingFact(setting.Name, setting.Value, setting.Source == SettingSource.Default ? null : SourceName(setting.Source)))];

    public IReadOnlyList<(string Label, string Value)> Places { get; } =
    [
        ("queue", Value("Redis", "Url", settings) ?? data.Queue),
        ("memories", Value("Database", "Url", settings) ?? data.Memories),
        ("photos", data.Photos),
        ("backend", settings.Backend.Url?.ToString() ?? "–"),
    ];

    public async Task<IReadOnlyList<CheckFact>> CheckAsync(CancellationToken cancellationToken)
    {
        var results = await HealthEndpoints.RunAsync(
            services.GetServices<ReadinessCheck>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>(), cancellationToken);
        return [.. results.Select(result => new CheckFact(result.Name, result.Trouble)), Disk()];
    }

    /// <summary>How the sources are called, in every language.</summary>
    public static string SourceName(SettingSource source) => source switch
    {
        SettingSource.AppSettings => "appsettings.json",
        SettingSource.Environment => "environment",
        SettingSource.File => "file",
        SettingSource.CommandLine => "command line",
        _ => "default",
    };

    // The folder is where messages and photos go first: when it is full, nothing can be taken any more.
    private CheckFact Disk()
    {
        const double Low = 0.1;
        var drive = new DriveInfo(data.Root);
        var free = drive.AvailableFreeSpace / (double)Math.Max(1, drive.TotalSize);
        var texts = Texts.For(settings.Ui.Language);
        return new CheckFact("disk", free < Low ? texts["DiskLow", drive.AvailableFreeSpace >> 20, data.Root] : null);
    }

    private static string? Value(string section, string name, RafagaSettings settings) =>
        settings.Effective.FirstOrDefault(setting => setting.Name == SettingNames.FromKey($"{RafagaSettings.Section}:{section}:{name}"))?.Value;
}
