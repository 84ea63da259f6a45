using System.CommandLine;
using System.Text.Json.Nodes;
using Rafaga.Doctor;
using Rafaga.Resources;
using Rafaga.Settings;

namespace Rafaga.Cli;

/// <summary><c>rafaga doctor</c>: whether what the settings name really answers, and what a crash costs here. Nothing needs to run for it, and nothing is changed.</summary>
internal sealed class DoctorCommand(Option<string?> data, Texts texts)
{
    public Command Build()
    {
        var json = new Option<bool>("--json") { Description = texts["HelpJson"] };
        var command = new Command("doctor", texts["HelpDoctor"]) { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = SettingsLoader.Load(new Dictionary<string, string?> { ["Data:Folder"] = parsed.GetValue(data) });
            var findings = await Examination.RunAsync(settings, TimeProvider.System, cancellationToken);
            if (parsed.GetValue(json)) Output.Json(new JsonObject { ["checks"] = new JsonArray([.. findings.Select(ToJson)]) });
            else
            {
                foreach (var finding in findings) await (finding.Verdict == Verdict.Failed ? Console.Error : Console.Out).WriteLineAsync(Line(finding));
            }

            return findings.Any(finding => finding.Verdict == Verdict.Failed) ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return command;
    }

    private JsonNode ToJson(Finding finding) => new JsonObject
    {
        ["name"] = finding.Name,
        ["verdict"] = finding.Verdict.ToString().ToLowerInvariant(),
        ["message"] = finding.Message(texts),
    };

    private string Line(Finding finding)
    {
        var mark = finding.Verdict switch { Verdict.Ok => "✓", Verdict.Warning => "!", _ => "✗" };
        return $"{mark} {texts["Check_" + finding.Name]}: {finding.Message(texts)}";
    }
}
