using System.CommandLine;
using Rafaga.Backend;
using Rafaga.Backend.Prompts;
using Rafaga.Batching;
using Rafaga.Hosting;
using Rafaga.Resources;
using Rafaga.Settings;
using Rafaga.Telegram;

namespace Rafaga.Cli;

/// <summary>All commands, and the one place where a fault becomes one line and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var texts = Texts.For(Environment.GetEnvironmentVariable("RAFAGA__UI__LANGUAGE")?.ToLowerInvariant() ?? "auto");
        var parsed = Root(texts).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            return ExitCodes.Usage;
        }

        try
        {
            // The host handles Ctrl+C and SIGTERM itself, with more patience than the parser's default.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Usage;
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Usage;
        }
        catch (TelegramException e)
        {
            await Console.Error.WriteLineAsync(texts["TelegramRefused", e.Message]);
            return e.ErrorCode is null ? ExitCodes.NotReachable : ExitCodes.Failed;
        }
        catch (Exception e) when (e is BatchStoreException or PromptPackException or StoreUnusableException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }
        catch (ApiException e)
        {
            await Console.Error.WriteLineAsync(e.Describe(texts));
            return e.Status is null ? ExitCodes.NotReachable : ExitCodes.Failed;
        }
    }

    private static RootCommand Root(Texts texts)
    {
        var port = new Option<int?>("--port") { Description = texts["HelpPort"] };
        var data = new Option<string?>("--data") { Description = texts["HelpData"], Recursive = true };
        var root = new RootCommand(texts["HelpRoot"]) { port, data };
        root.SetAction((parsed, cancellationToken) => RunAsync(parsed, [], cancellationToken));

        var roles = new Option<string?>("--roles") { Description = texts["HelpRoles"] };
        var serve = new Command("serve", texts["HelpServe"]) { port, roles };
        serve.SetAction((parsed, cancellationToken) => RunAsync(parsed, new() { ["Server:Roles"] = parsed.GetValue(roles) }, cancellationToken));
        root.Add(serve);

        var to = new Option<string?>("--to") { Description = texts["HelpGatewayTo"], Required = true };
        var gateway = new Command("gateway", texts["HelpGateway"]) { port, to };
        gateway.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed, new() { ["Server:Roles"] = "bot,worker,dashboard", ["Backend:Url"] = parsed.GetValue(to) }, cancellationToken));
        root.Add(gateway);

        var api = new ApiOptions(data, texts);
        root.Add(new SimulatorCommand(data, texts).Build());
        root.Add(new SendCommand(api, texts).Build());
        root.Add(new BatchesCommand(api, texts).Build());
        root.Add(new MemoriesCommand(api, texts).Build());
        root.Add(new StatusCommand(api, texts).Build());
        root.Add(new DoctorCommand(data, texts).Build());
        root.Add(new PasswordCommand(texts).Build());
        root.Add(new WebhookCommand(texts).Build());
        root.Add(new InviteCommand(texts).Build());
        root.Add(new DeadCommand(api, texts).Build());
        root.Add(new ConfigCommand(data, texts).Build());
        root.Add(new HealthcheckCommand(api, texts).Build());
        return root;

        Task<int> RunAsync(ParseResult parsed, Dictionary<string, string?> options, CancellationToken cancellationToken)
        {
            options["Server:Port"] = parsed.GetValue(port)?.ToString(texts.Culture);
            options["Data:Folder"] = parsed.GetValue(data);
            return RafagaHost.RunAsync(SettingsLoader.Load(options), cancellationToken);
        }
    }
}
