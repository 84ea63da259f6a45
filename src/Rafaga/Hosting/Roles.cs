using Rafaga.Settings;

namespace Rafaga.Hosting;

/// <summary>What a process does; the names of <c>RAFAGA__SERVER__ROLES</c>.</summary>
[Flags]
internal enum Roles
{
    None = 0,
    Bot = 1,
    Worker = 2,
    Backend = 4,
    Dashboard = 8,
}

/// <summary>Which roles a process has, and what they need from those that run elsewhere.</summary>
internal static class RoleRules
{
    /// <summary>The roles that the settings ask for: the backend only while batches do not go to somebody else's.</summary>
    /// <exception cref="SettingsException">A name is unknown, or a role would wait for ever for what is not set.</exception>
    public static Roles Of(RafagaSettings settings)
    {
        var roles = Roles.None;
        foreach (var name in settings.Server.Roles.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // By name alone: the parser of an enum takes numbers too.
            var known = Enum.GetValues<Roles>().FirstOrDefault(role => role != Roles.None && string.Equals(role.ToString(), name, StringComparison.OrdinalIgnoreCase));
            if (known == Roles.None) throw new SettingsException($"RAFAGA__SERVER__ROLES: \"{name}\" is no role; there are bot, worker, backend and dashboard.");
            roles |= known;
        }

        if (settings.Backend.Url is not null) roles &= ~Roles.Backend;
        if (roles == Roles.None) throw new SettingsException("RAFAGA__SERVER__ROLES names no role that this process could have; there are bot, worker, backend and dashboard.");
        Check(roles, settings);
        return roles;
    }

    private static void Check(Roles roles, RafagaSettings settings)
    {
        const Roles Whole = Roles.Bot | Roles.Worker | Roles.Backend;
        var calls = (roles & (Roles.Bot | Roles.Worker)) != Roles.None;
        if ((roles & (Roles.Bot | Roles.Worker)) is Roles.Bot or Roles.Worker or Roles.None && roles != Roles.Backend && settings.Redis.Url is null)
            throw new SettingsException("REDIS_URL must be set where bot, worker and dashboard run in different processes: the embedded queue belongs to one.");
        if (settings.Telegram.BotToken is null && !roles.HasFlag(Roles.Bot))
            throw new SettingsException("TELEGRAM_BOT_TOKEN must be set where the bot runs in another process: the simulated chat lives in the bot's own.");
        if (calls && !roles.HasFlag(Roles.Backend) && settings.Backend.Url is null)
            throw new SettingsException("API_URL must be set for a bot or worker whose backend runs in another process, such as http://127.0.0.1:5211.");
        if ((calls || roles.HasFlag(Roles.Backend)) && !roles.HasFlag(Whole) && settings.Backend.Secret is null)
            throw new SettingsException("RAFAGA__BACKEND__SECRET must be set, to the same value for bot, worker and backend, where they run in different processes.");

        if (roles.HasFlag(Roles.Dashboard) && settings.Dashboard is { Url.IsLoopback: false, Password: null })
            throw new SettingsException("RAFAGA__DASHBOARD__URL lets others reach the pages of this process: set RAFAGA__DASHBOARD__PASSWORD, too.");
        if (System.Net.IPAddress.IsLoopback(Ports.Address(settings.Server.Bind))) return;
        if (settings.Telegram.BotToken is null)
            throw new SettingsException("RAFAGA__SERVER__BIND lets others reach this process, but the simulated chat is for this machine alone: set TELEGRAM_BOT_TOKEN, or bind to 127.0.0.1.");
        if (settings.Backend.Secret is null)
            throw new SettingsException("RAFAGA__SERVER__BIND lets others reach this process: set RAFAGA__BACKEND__SECRET (at least 16 characters, the same for bot, worker and backend), or bind to 127.0.0.1.");
        if (roles.HasFlag(Roles.Dashboard) && settings.Dashboard.Password is null)
            throw new SettingsException("RAFAGA__SERVER__BIND lets others reach the pages of this process: set RAFAGA__DASHBOARD__PASSWORD, or bind to 127.0.0.1.");
    }
}
