using System.CommandLine;
using System.Text.Json.Nodes;
using Rafaga.Backend.Models;
using Rafaga.Resources;
using Rafaga.Settings;

namespace Rafaga.Cli;

/// <summary><c>rafaga doctor</c>: whether what the settings name really answers. Nothing needs to run for it.</summary>
internal sealed class DoctorCommand(Texts texts)
{
    public Command Build()
    {
        var json = new Option<bool>("--json") { Description = texts["HelpJson"] };
        var command = new Command("doctor", texts["HelpDoctor"]) { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = SettingsLoader.Load(new Dictionary<string, string?>());
            if (settings.Backend.Url is { } backend)
            {
                if (parsed.GetValue(json)) Output.Json(new JsonObject { ["checks"] = new JsonArray() });
                else Console.WriteLine(texts["DoctorOwnBackend", backend]);
                return ExitCodes.Ok;
            }

            var checks = await Task.WhenAll(
                CheckAsync(texts["DoctorAgent"], ModelSettings.Agent(settings), cancellationToken),
                CheckAsync(texts["DoctorPhotos"], ModelSettings.Photos(settings), cancellationToken));
            if (parsed.GetValue(json)) Output.Json(new JsonObject { ["checks"] = new JsonArray([.. checks.Select(ToJson)]) });
            else
            {
                foreach (var (name, model, result) in checks) await (result.Error is null ? Console.Out : Console.Error).WriteLineAsync(Line(name, model, result));
            }

            return checks.All(check => check.Result.Error is null) ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<(string Name, ModelOptions Model, ModelCheckResult Result)> CheckAsync(string name, ModelOptions model, CancellationToken cancellationToken) =>
        (name, model, await ModelCheck.RunAsync(model, TimeProvider.System, cancellationToken));

    private static JsonNode ToJson((string Name, ModelOptions Model, ModelCheckResult Result) check) => new JsonObject
    {
        ["name"] = check.Name,
        ["model"] = check.Result.Model,
        ["ok"] = check.Result.Error is null,
        ["milliseconds"] = (long)check.Result.Duration.TotalMilliseconds,
        ["error"] = check.Result.Error,
    };

    private string Line(string name, ModelOptions model, ModelCheckResult result) => result.Error is { } error
        ? texts["DoctorFailed", name, result.Model, error]
        : model.Provider == ModelProvider.Offline
            ? texts["DoctorOffline", name]
            : texts["DoctorOk", name, result.Model, result.Duration.TotalMilliseconds];
}
