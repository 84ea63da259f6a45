using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Bot.Intake;
using Rafaga.Hosting;
using Rafaga.Resources;
using Rafaga.Settings;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Cli;

/// <summary><c>rafaga webhook</c>: tells Telegram where to post updates, asks where it does, and ends it. Nothing needs to run for it.</summary>
internal sealed class WebhookCommand(Texts texts)
{
    private readonly Option<bool> _json = new("--json") { Description = texts["HelpJson"], Recursive = true };

    public Command Build()
    {
        var url = new Argument<string?>("url") { Description = texts["HelpWebhookUrl"], Arity = ArgumentArity.ZeroOrOne };
        var set = new Command("set", texts["HelpWebhookSet"]) { url };
        set.SetAction((parsed, cancellationToken) => RunAsync(parsed, (client, settings, options) => SetAsync(client, settings, options, parsed.GetValue(url), cancellationToken), cancellationToken));
        var info = new Command("info", texts["HelpWebhookInfo"]);
        info.SetAction((parsed, cancellationToken) => RunAsync(parsed, (_, _, _) => Task.CompletedTask, cancellationToken));
        var delete = new Command("delete", texts["HelpWebhookDelete"]);
        delete.SetAction((parsed, cancellationToken) => RunAsync(parsed, (client, _, _) => client.DeleteWebhookAsync(dropPendingUpdates: false, cancellationToken), cancellationToken));
        return new Command("webhook", texts["HelpWebhook"]) { set, info, delete, _json };
    }

    // Whatever was changed, what is shown is what Telegram says afterwards.
    private async Task<int> RunAsync(ParseResult parsed, Func<TelegramClient, RafagaSettings, TelegramOptions, Task> change, CancellationToken cancellationToken)
    {
        var settings = SettingsLoader.Load(new Dictionary<string, string?>());
        var token = settings.Telegram.BotToken ?? throw new UsageException(texts["WebhookNoToken"]);
        var options = new TelegramOptions { Token = token, BaseUrl = settings.Telegram.ApiBaseUrl };
        using var http = TelegramClient.CreateHttpClient();
        var client = new TelegramClient(http, options, TimeProvider.System);
        await change(client, settings, options);
        Print(await client.GetWebhookInfoAsync(cancellationToken), parsed.GetValue(_json));
        return ExitCodes.Ok;
    }

    private Task SetAsync(TelegramClient client, RafagaSettings settings, TelegramOptions options, string? argument, CancellationToken cancellationToken)
    {
        var address = argument ?? settings.Telegram.WebhookUrl?.AbsoluteUri ?? throw new UsageException(texts["WebhookNoUrl"]);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) throw new UsageException(texts["WebhookBadUrl", address]);
        return client.SetWebhookAsync(
            new SetWebhookRequest(WebhookEndpoint.Complete(url).AbsoluteUri) { SecretToken = RafagaHost.WebhookSecret(settings, options), AllowedUpdates = AllowedUpdates.All },
            cancellationToken);
    }

    private void Print(WebhookInfo info, bool json)
    {
        if (json)
        {
            Output.Json(new JsonObject
            {
                ["url"] = info.Url,
                ["pending_update_count"] = info.PendingUpdateCount,
                ["last_error_date"] = info.LastErrorDate,
                ["last_error_message"] = info.LastErrorMessage,
                ["max_connections"] = info.MaxConnections,
                ["ip_address"] = info.IpAddress,
                ["allowed_updates"] = info.AllowedUpdates is { } kinds ? new JsonArray([.. kinds.Select(kind => (JsonNode)kind)]) : null,
            });
            return;
        }

        Console.WriteLine(info.Url.Length == 0 ? texts["WebhookNone", info.PendingUpdateCount] : texts["WebhookAt", info.Url, info.PendingUpdateCount]);
        if (info.LastErrorDate is { } at)
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(at).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            Console.WriteLine(texts["WebhookError", time, info.LastErrorMessage]);
        }
    }
}
