using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Rafaga.Bot.Access;
using Rafaga.Bot.Intake;
using Rafaga.Dashboard.Access;
using Rafaga.Telegram;

namespace Rafaga.Settings;

/// <summary>Reads and checks all settings before anything starts.</summary>
internal static class SettingsLoader
{
    private const string FileSuffix = "_FILE";
    private const int ShortestPassword = 8;

    // Short names that people know, and the settings they stand for.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["TELEGRAM_BOT_TOKEN"] = "Telegram:BotToken",
        ["API_URL"] = "Backend:Url",
        ["REDIS_URL"] = "Redis:Url",
        ["ANTHROPIC_API_KEY"] = "Anthropic:ApiKey",
        ["DATABASE_URL"] = "Database:Url",
    };

    private static readonly string[] Secrets =
    [
        .. from section in typeof(RafagaSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance)
           from setting in section.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           where setting.IsDefined(typeof(SecretAttribute))
           select $"{section.Name}:{setting.Name}",
    ];

    // Of the providers below, in their order.
    private static readonly SettingSource[] Sources = [SettingSource.AppSettings, SettingSource.Environment, SettingSource.File, SettingSource.Environment, SettingSource.CommandLine];

    /// <summary>Whether a setting must not be shown.</summary>
    public static bool IsSecret(string key) => Secrets.Contains(key);

    /// <summary>Order: defaults, <c>appsettings.json</c> in the current folder, environment, command line.</summary>
    /// <exception cref="SettingsException">A setting is unknown, unreadable or out of range.</exception>
    public static RafagaSettings Load(IReadOnlyDictionary<string, string?> commandLine)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value, StringComparer.Ordinal);
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
            .AddInMemoryCollection(from alias in Aliases
                                   where !string.IsNullOrWhiteSpace(environment.GetValueOrDefault(alias.Key))
                                   select KeyValuePair.Create($"{RafagaSettings.Section}:{alias.Value}", environment[alias.Key]))
            .AddInMemoryCollection(FromFiles(environment).DistinctBy(secret => secret.Key, StringComparer.OrdinalIgnoreCase))
            .AddInMemoryCollection(environment
                .Where(variable => variable.Key.StartsWith(SettingNames.Prefix, StringComparison.OrdinalIgnoreCase) && !IsFile(variable.Key))
                .Select(variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), variable.Value))
                .DistinctBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase))
            .AddInMemoryCollection(commandLine.Where(o => o.Value is not null).Select(o => KeyValuePair.Create($"{RafagaSettings.Section}:{o.Key}", o.Value)));
        return Read(Build(configuration), Sources);
    }

    private static IEnumerable<KeyValuePair<string, string?>> FromFiles(Dictionary<string, string?> environment)
    {
        foreach (var secret in Secrets)
        {
            var names = Aliases.Where(alias => alias.Value == secret).Select(alias => alias.Key).Append(SettingNames.FromKey($"{RafagaSettings.Section}:{secret}"));
            foreach (var name in names.Select(name => name + FileSuffix))
            {
                if (environment.GetValueOrDefault(name) is { Length: > 0 } path) yield return KeyValuePair.Create($"{RafagaSettings.Section}:{secret}", (string?)ReadSecret(name, path));
            }
        }
    }

    private static string ReadSecret(string name, string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } secret ? secret : throw new SettingsException($"{name}: {path} is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{name}: {path} cannot be read: {e.Message}");
        }
    }

    private static bool IsFile(string name) =>
        Secrets.Any(secret => string.Equals(name, SettingNames.FromKey($"{RafagaSettings.Section}:{secret}") + FileSuffix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Binds and checks.</summary>
    internal static RafagaSettings Read(IConfigurationRoot configuration, IReadOnlyList<SettingSource>? sources = null)
    {
        var section = configuration.GetSection(RafagaSettings.Section);
        var names = section.AsEnumerable().Where(e => e.Value is not null).Select(e => SettingNames.FromKey(e.Key));
        if (SettingNames.Faults(names).FirstOrDefault() is { } unknown) throw new SettingsException(unknown);

        RafagaSettings settings;
        try
        {
            settings = section.Get<RafagaSettings>() ?? new RafagaSettings();
        }
        catch (InvalidOperationException e)
        {
            var key = section.AsEnumerable().Select(s => s.Key).FirstOrDefault(k => e.Message.Contains($"'{k}'", StringComparison.OrdinalIgnoreCase));
            throw new SettingsException(key is null ? e.Message : $"{SettingNames.FromKey(key)} cannot be read: '{configuration[key]}' is not {Kind(key)}.");
        }

        Check(settings);
        settings.Effective = EffectiveSetting.All(settings, configuration, sources ?? []);
        return settings;
    }

    private static IConfigurationRoot Build(IConfigurationBuilder builder)
    {
        try
        {
            return builder.Build();
        }
        catch (InvalidDataException e)
        {
            throw new SettingsException($"appsettings.json cannot be read: {(e.InnerException ?? e).Message}");
        }
    }

    private static void Check(RafagaSettings settings)
    {
        foreach (var section in typeof(RafagaSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = section.GetValue(settings)!;
            List<ValidationResult> faults = [];
            if (Validator.TryValidateObject(value, new ValidationContext(value), faults, validateAllProperties: true)) continue;
            var name = faults[0].MemberNames.First();
            throw new SettingsException($"{SettingNames.FromKey($"{RafagaSettings.Section}:{section.Name}:{name}")}: {faults[0].ErrorMessage}");
        }

        if (settings.Window.MaxWaitSeconds < settings.Window.QuietSeconds)
            throw new SettingsException("RAFAGA__WINDOW__MAXWAITSECONDS must not be less than RAFAGA__WINDOW__QUIETSECONDS.");
        if (settings.Telegram.BotToken is { } token && !TelegramOptions.IsToken(token))
            throw new SettingsException("TELEGRAM_BOT_TOKEN does not have the form of a token (123456789:ABC…). Copy it again from @BotFather.");
        Check(settings.Telegram);
        Check(settings.Dashboard);
        Check(settings.Access);
        if (settings.Backend is { Url: not null, Secret: null or "" })
            throw new SettingsException("API_URL is set, but RAFAGA__BACKEND__SECRET is not: requests to a backend of your own must be signed.");
        if (settings.Backend.Url is null)
        {
            ModelSettings.Agent(settings);
            ModelSettings.Photos(settings);
        }
    }

    private static void Check(DashboardSettings dashboard)
    {
        if (dashboard.Url is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
            throw new SettingsException("RAFAGA__DASHBOARD__URL must be an address such as https://example.org/rafaga.");
        foreach (var (name, password) in new[] { ("PASSWORD", dashboard.Password), ("READERPASSWORD", dashboard.ReaderPassword) })
        {
            if (password is null) continue;
            if (password.Length < ShortestPassword) throw new SettingsException($"RAFAGA__DASHBOARD__{name} must have {ShortestPassword} letters or more.");
            try
            {
                PasswordHash.Read(password);
            }
            catch (FormatException e)
            {
                throw new SettingsException($"RAFAGA__DASHBOARD__{name}: {e.Message}");
            }
        }

        if (dashboard is { Password: null, ReaderPassword: not null })
            throw new SettingsException("RAFAGA__DASHBOARD__READERPASSWORD is set, but RAFAGA__DASHBOARD__PASSWORD is not: nobody could act.");
        if (dashboard.Password is not null && dashboard.Password == dashboard.ReaderPassword)
            throw new SettingsException("RAFAGA__DASHBOARD__PASSWORD and RAFAGA__DASHBOARD__READERPASSWORD must differ.");
    }

    private static void Check(TelegramSettings telegram)
    {
        if (telegram.WebhookUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
            throw new SettingsException("RAFAGA__TELEGRAM__WEBHOOKURL must be an address such as https://bot.example.org/webhook/telegram.");
        if (telegram is { WebhookUrl: not null, Mode: "polling" })
            throw new SettingsException("RAFAGA__TELEGRAM__WEBHOOKURL is set, but this process would poll: set RAFAGA__TELEGRAM__MODE=webhook, too.");
        if (telegram.WebhookSecret is { } secret && !WebhookEndpoint.IsSecret(secret))
            throw new SettingsException("RAFAGA__TELEGRAM__WEBHOOKSECRET must have 32 to 256 of the letters A-Z a-z 0-9 _ -; leave it out, and it is made from the token.");
    }

    private static void Check(AccessSettings access)
    {
        if (AccessNames(access).FirstOrDefault(name => !AccessOptions.IsPerson(name)) is { } odd)
            throw new SettingsException($"RAFAGA__ACCESS__ALLOWED: \"{odd}\" is neither an id such as 123456789 nor a public name such as @ana_r.");
        if (access.Mode == "allowlist" && AccessNames(access).Length == 0)
            throw new SettingsException("RAFAGA__ACCESS__MODE is allowlist, but nobody is named: set RAFAGA__ACCESS__ALLOWED to ids or public names, separated by commas.");
        if (access is { Mode: "invite", InviteCode: null }) throw new SettingsException("RAFAGA__ACCESS__MODE is invite, but there is no code: \"rafaga invite\" makes one for RAFAGA__ACCESS__INVITECODE.");
        if (access.InviteCode is { } code && !AccessOptions.IsCode(code)) throw new SettingsException("RAFAGA__ACCESS__INVITECODE must have 8 to 64 of the letters A-Z a-z 0-9 _ -; \"rafaga invite\" makes one.");
    }

    /// <summary>Those who are named.</summary>
    public static string[] AccessNames(AccessSettings access) => (access.Allowed ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Kind(string key) => key.Split(':')[^1] switch
    {
        "Url" or "ApiBaseUrl" or "BaseUrl" or "WebhookUrl" => "a URL",
        "Folder" or "BotToken" or "Secret" or "Language" => "a text",
        "Feedback" => "true or false",
        _ => "a number",
    };
}
