using System.ComponentModel.DataAnnotations;

namespace Rafaga.Settings;

/// <summary>Everything that can be set, in the units that a person writes. Environment form: <c>RAFAGA__WINDOW__QUIETSECONDS=12.5</c>.</summary>
internal sealed class RafagaSettings
{
    public const string Section = "Rafaga";

    public DataSettings Data { get; init; } = new();

    public ServerSettings Server { get; init; } = new();

    public WindowSettings Window { get; init; } = new();

    public WorkerSettings Worker { get; init; } = new();

    public RepliesSettings Replies { get; init; } = new();

    public RedisSettings Redis { get; init; } = new();

    public DatabaseSettings Database { get; init; } = new();

    public TelegramSettings Telegram { get; init; } = new();

    public AccessSettings Access { get; init; } = new();

    public BackendSettings Backend { get; init; } = new();

    public AgentSettings Agent { get; init; } = new();

    public PhotosSettings Photos { get; init; } = new();

    public AnthropicSettings Anthropic { get; init; } = new();

    public DashboardSettings Dashboard { get; init; } = new();

    public UiSettings Ui { get; init; } = new();

    /// <summary>All of these, and where each is from.</summary>
    internal IReadOnlyList<EffectiveSetting> Effective { get; set; } = [];

    public LogsSettings Logs { get; init; } = new();
}

/// <summary>What must not be shown, and may lie in a file instead, named by the same variable with <c>_FILE</c> behind it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;

/// <summary>Where everything that must survive lies.</summary>
internal sealed class DataSettings
{
    /// <summary>Folder for queue, memories, photos and the simulated chat.</summary>
    [Required]
    public string Folder { get; init; } = "data";
}

/// <summary>The web server.</summary>
internal sealed class ServerSettings
{
    /// <summary>Port; a taken one moves to the next free one.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 5210;

    /// <summary>Address to listen on: 127.0.0.1 (this machine alone), 0.0.0.0 (every address), or one address of this machine.</summary>
    [Required]
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>What this process does: any of bot, worker, backend and dashboard, separated by commas.</summary>
    [Required]
    public string Roles { get; init; } = "bot,worker,backend,dashboard";

    /// <summary>Requests from one address in a minute, where others can reach this process or a password is set; whoever asks more is told when to come back. Signed ones do not count.</summary>
    [Range(10, 1_000_000)]
    public int RequestsPerMinute { get; init; } = 1200;
}

/// <summary>When a burst is complete.</summary>
internal sealed class WindowSettings
{
    /// <summary>Seconds without a message after which the window closes.</summary>
    [Range(0.01, 86_400)]
    public double QuietSeconds { get; init; } = 12.5;

    /// <summary>Seconds that a window stays open at most.</summary>
    [Range(0.01, 604_800)]
    public double MaxWaitSeconds { get; init; } = 60;

    /// <summary>Messages at which a window closes at once.</summary>
    [Range(1, 1000)]
    public int MaxMessages { get; init; } = 20;

    /// <summary>Photos at which a window closes at once.</summary>
    [Range(1, 1000)]
    public int MaxPhotos { get; init; } = 10;
}

/// <summary>How batches are worked on.</summary>
internal sealed class WorkerSettings
{
    /// <summary>Batches at a time, each of another conversation.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; init; } = 16;

    /// <summary>Seconds after which a batch of a crashed worker goes to another.</summary>
    [Range(1, 3600)]
    public double LeaseSeconds { get; init; } = 15;

    /// <summary>Failed attempts after which a batch goes to the dead letters.</summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Upper bound of the first wait between attempts, in seconds; doubles each time.</summary>
    [Range(0.01, 3600)]
    public double RetryBaseSeconds { get; init; } = 2;
}

/// <summary>How replies reach people.</summary>
internal sealed class RepliesSettings
{
    /// <summary>Sign that a burst was received while the reply takes its time: none, reaction (eyes on the last message) or notice (a short message without a sound).</summary>
    [AllowedValues("none", "reaction", "notice", ErrorMessage = "must be none, reaction or notice.")]
    public string Receipt { get; init; } = "reaction";

    /// <summary>Seconds that a reply may take before a notice says so.</summary>
    [Range(1, 3600)]
    public double NoticeSeconds { get; init; } = 20;

    /// <summary>Seconds that a burst may wait for an absent model or backend before its person is told so, once; 0 = never.</summary>
    [Range(0, 86_400)]
    public double BusySeconds { get; init; } = 60;

    /// <summary>Thumbs under each reply, true or false; none = true, but false where API_URL is set.</summary>
    public bool? Feedback { get; init; }

    /// <summary>A reply of which nobody knows whether it arrived: resend (it may be seen twice) or skip (it may be missed).</summary>
    [AllowedValues("resend", "skip", ErrorMessage = "must be resend or skip.")]
    public string Ambiguous { get; init; } = "resend";
}

/// <summary>The queue, when one machine is not enough.</summary>
internal sealed class RedisSettings
{
    /// <summary>redis:// or rediss:// address; none = a SQLite file.</summary>
    [Secret]
    public string? Url { get; init; }
}

/// <summary>The memories, when one machine is not enough.</summary>
internal sealed class DatabaseSettings
{
    /// <summary>postgres:// address, or sqlite:path; none = a SQLite file in the data folder.</summary>
    [Secret]
    public string? Url { get; init; }
}

/// <summary>The bot.</summary>
internal sealed class TelegramSettings
{
    /// <summary>Token from BotFather; none = the simulated chat.</summary>
    [Secret]
    public string? BotToken { get; init; }

    /// <summary>Root of the Bot API server.</summary>
    public Uri ApiBaseUrl { get; init; } = new("https://api.telegram.org");

    /// <summary>How updates come: polling (this process fetches them) or webhook (Telegram posts them to /webhook/telegram).</summary>
    [AllowedValues("polling", "webhook", ErrorMessage = "must be polling or webhook.")]
    public string Mode { get; init; } = "polling";

    /// <summary>Public https address of the webhook, which Telegram is told at the start; a bare host gets the path /webhook/telegram. None = it is told by rafaga webhook set.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>What Telegram shows with each post: 32 to 256 of A-Z a-z 0-9 _ -, the same for all processes of the bot; none = made from the token.</summary>
    [Secret]
    public string? WebhookSecret { get; init; }

    /// <summary>What the bot takes in groups: mention (what mentions or answers it, and the rest of that burst) or all.</summary>
    [AllowedValues("mention", "all", ErrorMessage = "must be mention or all.")]
    public string Groups { get; init; } = "mention";
}

/// <summary>Who may use the bot, and how much of it.</summary>
internal sealed class AccessSettings
{
    /// <summary>open (everybody), allowlist (only those named), invite (those named, and whoever sends /start with the code) or off (nobody).</summary>
    [AllowedValues("open", "allowlist", "invite", "off", ErrorMessage = "must be open, allowlist, invite or off.")]
    public string Mode { get; init; } = "open";

    /// <summary>Those named: ids or public names, separated by commas. A public name can change hands, an id cannot.</summary>
    public string? Allowed { get; init; }

    /// <summary>Code for invite: 8 to 64 of A-Z a-z 0-9 _ -, such as rafaga invite makes. Another one leaves those in who are in.</summary>
    [Secret]
    public string? InviteCode { get; init; }

    /// <summary>Messages of one person in a minute that a process of the bot takes, and as many pressed buttons; of what is beyond they are told once, and it is not kept.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerMinute { get; init; } = 240;
}

/// <summary>Who answers batches.</summary>
internal sealed class BackendSettings
{
    /// <summary>Root of a backend of your own; none = the memory agent of this process.</summary>
    public Uri? Url { get; init; }

    /// <summary>Shared secret that signs requests from worker to backend; required with a backend of your own.</summary>
    [Secret]
    public string? Secret { get; init; }

    /// <summary>The secret before this one, still taken while bot and worker change to the new one.</summary>
    [Secret]
    public string? PreviousSecret { get; init; }
}

/// <summary>The model that answers, and what it may take.</summary>
internal sealed class AgentSettings
{
    /// <summary>anthropic, openai (any server that speaks its chat completions) or offline; none = anthropic if ANTHROPIC_API_KEY is set, else offline.</summary>
    [AllowedValues(null, "anthropic", "openai", "offline", ErrorMessage = "must be anthropic, openai (any server that speaks its chat completions) or offline.")]
    public string? Provider { get; init; }

    /// <summary>The vendor's name for the model; none = claude-sonnet-5-5.</summary>
    public string? Model { get; init; }

    /// <summary>Root of the model's server; none = the vendor's own.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Key for it; none = ANTHROPIC_API_KEY for anthropic. Servers of one's own need none.</summary>
    [Secret]
    public string? ApiKey { get; init; }

    /// <summary>Folder of the prompt pack; none = Prompts beside the program.</summary>
    public string? Prompts { get; init; }

    /// <summary>How hard Claude thinks: low, medium or high; none = as the model does by itself.</summary>
    [AllowedValues(null, "low", "medium", "high", ErrorMessage = "must be low, medium or high.")]
    public string? Effort { get; init; }

    /// <summary>Tokens of one answer, thinking included.</summary>
    [Range(1024, 128_000)]
    public int MaxOutputTokens { get; init; } = 8192;

    /// <summary>Requests to the model in one turn.</summary>
    [Range(2, 100)]
    public int MaxRounds { get; init; } = 6;

    /// <summary>Tool calls in one turn.</summary>
    [Range(1, 1000)]
    public int MaxToolCalls { get; init; } = 60;

    /// <summary>Seconds that one turn may take.</summary>
    [Range(1, 600)]
    public double TimeoutSeconds { get; init; } = 90;

    /// <summary>Seconds that one answer may take.</summary>
    [Range(1, 600)]
    public double CallTimeoutSeconds { get; init; } = 60;

    /// <summary>Tokens that one turn may take.</summary>
    [Range(1000, 100_000_000)]
    public long MaxTurnTokens { get; init; } = 400_000;

    /// <summary>US dollars that one turn may cost.</summary>
    [Range(0.001, 1000)]
    public double MaxTurnUsd { get; init; } = 0.5;

    /// <summary>Tokens for one person in 24 hours; none = no limit.</summary>
    [Range(1000, 10_000_000_000)]
    public long? DailyTokens { get; init; }

    /// <summary>US dollars for one person in 24 hours; none = no limit.</summary>
    [Range(0.001, 100_000)]
    public double? DailyUsd { get; init; }

    /// <summary>US dollars for a million tokens read; none = the price known for the model.</summary>
    [Range(0, 10_000)]
    public double? InputUsd { get; init; }

    /// <summary>US dollars for a million tokens written; none = the price known for the model.</summary>
    [Range(0, 10_000)]
    public double? OutputUsd { get; init; }
}

/// <summary>The model that describes photos; what is not set here is as for the agent.</summary>
internal sealed class PhotosSettings
{
    /// <summary>anthropic, openai or offline (no descriptions); none = the agent's.</summary>
    [AllowedValues(null, "anthropic", "openai", "offline", ErrorMessage = "must be anthropic, openai (any server that speaks its chat completions) or offline.")]
    public string? Provider { get; init; }

    /// <summary>The vendor's name for the model; none = claude-haiku-5-5 with Claude, else the agent's.</summary>
    public string? Model { get; init; }

    /// <summary>Root of the model's server; none = the agent's.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Key for it; none = the agent's.</summary>
    [Secret]
    public string? ApiKey { get; init; }

    /// <summary>US dollars for a million tokens read; none = the price known for the model.</summary>
    [Range(0, 10_000)]
    public double? InputUsd { get; init; }

    /// <summary>US dollars for a million tokens written; none = the price known for the model.</summary>
    [Range(0, 10_000)]
    public double? OutputUsd { get; init; }

    /// <summary>Seconds that looking at all photos of a batch may take; those that are not done then go without a description.</summary>
    [Range(1, 600)]
    public double TimeoutSeconds { get; init; } = 30;

    /// <summary>Photos of one batch that the agent itself is shown; it is told what is in the others.</summary>
    [Range(0, 20)]
    public int MaxImages { get; init; } = 10;

    /// <summary>Tokens that looking at all photos of a batch may take; it chooses the size in which they are shown.</summary>
    [Range(100, 100_000)]
    public int ImageTokens { get; init; } = 6400;

    /// <summary>Of the 64 bits of how a photo looks, as many may differ for it to share the description of a similar one; 0 describes each.</summary>
    [Range(0, 16)]
    public int SimilarBits { get; init; } = 3;
}

/// <summary>The account with Anthropic.</summary>
internal sealed class AnthropicSettings
{
    /// <summary>Key from the console; with it, Claude answers.</summary>
    [Secret]
    public string? ApiKey { get; init; }
}

/// <summary>Who may see the pages.</summary>
internal sealed class DashboardSettings
{
    /// <summary>Password that opens the pages, or its hash as "rafaga password" prints it; none = no login, on a loopback address only.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <summary>Password of whoever may look, but change nothing; or its hash.</summary>
    [Secret]
    public string? ReaderPassword { get; init; }

    /// <summary>Passwords from one address that are looked at in a minute, right or wrong.</summary>
    [Range(1, 10_000)]
    public int LoginsPerMinute { get; init; } = 10;

    /// <summary>Address under which people reach the pages through a proxy, such as https://example.org/rafaga; none = that of this server.</summary>
    public Uri? Url { get; init; }
}

/// <summary>What people read in the terminal.</summary>
internal sealed class UiSettings
{
    /// <summary>en, es, or auto (from the locale).</summary>
    [AllowedValues("auto", "en", "es")]
    public string Language { get; init; } = "auto";
}

/// <summary>What is said while it runs.</summary>
internal sealed class LogsSettings
{
    /// <summary>line (one readable line for each event) or json (one JSON object for each, for machines).</summary>
    [AllowedValues("line", "json", ErrorMessage = "must be line or json.")]
    public string Format { get; init; } = "line";

    /// <summary>The least that is worth a line: trace, debug, information, warning or error.</summary>
    [AllowedValues("trace", "debug", "information", "warning", "error", ErrorMessage = "must be trace, debug, information, warning or error.")]
    public string Level { get; init; } = "information";
}
