using Rafaga.Settings;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Doctor;

/// <summary>Whether the token is known, and whether updates come the way that the settings say.</summary>
internal static class TelegramChecks
{
    private const int ManyPending = 100;

    public static async Task<IReadOnlyList<Finding>> RunAsync(RafagaSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        const string Name = "telegram";
        if (settings.Telegram.BotToken is not { } token) return [new Finding(Name, Verdict.Ok, texts => texts["DoctorSimulated"])];
        using var http = TelegramClient.CreateHttpClient();
        var client = new TelegramClient(http, new TelegramOptions { Token = token, BaseUrl = settings.Telegram.ApiBaseUrl }, time);
        try
        {
            var me = await client.GetMeAsync(cancellationToken);
            return [new Finding(Name, Verdict.Ok, texts => texts["DoctorBot", me.Username]), Updates(await client.GetWebhookInfoAsync(cancellationToken), settings.Telegram.Mode == "webhook")];
        }
        catch (TelegramException e) when (e.IsTokenRefused)
        {
            return [new Finding(Name, Verdict.Failed, texts => texts["DoctorToken"])];
        }
        catch (TelegramException e)
        {
            return [new Finding(Name, Verdict.Failed, texts => texts["DoctorTelegramAway", settings.Telegram.ApiBaseUrl.Authority, e.Message])];
        }
    }

    /// <summary>Whether updates come the way that is set, and whether they do come.</summary>
    public static Finding Updates(WebhookInfo info, bool webhook)
    {
        const string Name = "updates";
        if (webhook && info.Url.Length == 0) return new Finding(Name, Verdict.Failed, texts => texts["DoctorNoWebhook"]);
        if (!webhook && info.Url.Length > 0) return new Finding(Name, Verdict.Warning, texts => texts["DoctorWebhookInTheWay", info.Url]);
        if (info.LastErrorMessage is { } error && info.PendingUpdateCount > 0) return new Finding(Name, Verdict.Warning, texts => texts["DoctorWebhookFails", info.PendingUpdateCount, error]);
        if (info.PendingUpdateCount > ManyPending) return new Finding(Name, Verdict.Warning, texts => texts["DoctorPending", info.PendingUpdateCount]);
        return new Finding(Name, Verdict.Ok, texts => texts[webhook ? "DoctorWebhook" : "DoctorPolling", info.Url]);
    }
}
