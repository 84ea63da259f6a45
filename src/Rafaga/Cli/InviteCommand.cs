using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Rafaga.Resources;
using Rafaga.Settings;
using Rafaga.Telegram;

namespace Rafaga.Cli;

/// <summary><c>rafaga invite</c>: the link that lets people in, and a code for it where none is set. Nothing needs to run for it.</summary>
internal sealed class InviteCommand(Texts texts)
{
    // Letters and digits that are not taken for each other.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Length = 20;

    public Command Build()
    {
        var json = new Option<bool>("--json") { Description = texts["HelpJson"] };
        var command = new Command("invite", texts["HelpInvite"]) { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = SettingsLoader.Load(new Dictionary<string, string?>());
            var (isSet, isOn) = (settings.Access.InviteCode is not null, settings.Access.Mode == "invite");
            var code = settings.Access.InviteCode ?? RandomNumberGenerator.GetString(Alphabet, Length);
            var bot = await FindBotAsync(settings, cancellationToken);
            var link = bot is null ? null : $"https://t.me/{bot}?start={code}";
            if (parsed.GetValue(json))
            {
                Output.Json(new JsonObject { ["code"] = code, ["link"] = link, ["active"] = isSet && isOn });
                return ExitCodes.Ok;
            }

            if (!isSet || !isOn) Console.WriteLine(texts["InviteSet", code]);
            Console.WriteLine(link is null ? texts["InviteCode", code] : texts["InviteLink", link]);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<string?> FindBotAsync(RafagaSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Telegram.BotToken is not { } token) return null;
        using var http = TelegramClient.CreateHttpClient();
        return (await new TelegramClient(http, new TelegramOptions { Token = token, BaseUrl = settings.Telegram.ApiBaseUrl }, TimeProvider.System).GetMeAsync(cancellationToken)).Username;
    }
}
