using System.CommandLine;
using System.Text.Json.Nodes;
using Rafaga.Hosting;
using Rafaga.Resources;
using Rafaga.Settings;

namespace Rafaga.Cli;

/// <summary><c>rafaga config show|check</c>: the settings in force, where each is from, secrets masked; nothing needs to run for it.</summary>
internal sealed class ConfigCommand(Option<string?> data, Texts texts)
{
    public Command Build()
    {
        var all = new Option<bool>("--all") { Description = texts["HelpConfigAll"] };
        var json = new Option<bool>("--json") { Description = texts["HelpJson"] };
        var show = new Command("show", texts["HelpConfigShow"]) { all, json };
        show.SetAction(parsed =>
        {
            var settings = Load(parsed).Effective.Where(setting => parsed.GetValue(all) || setting.Source != SettingSource.Default).ToList();
            if (parsed.GetValue(json)) Output.Json(new JsonObject { ["settings"] = new JsonArray([.. settings.Select(ToJson)]) });
            else if (settings.Count == 0) Console.WriteLine(texts["ConfigAllDefault"]);
            else Output.Table([texts["ColumnSetting"], texts["ColumnValue"], texts["ColumnSource"]], settings.Select(setting => new[] { setting.Name, setting.Value ?? "–", texts[$"Source{setting.Source}"] }));
            return ExitCodes.Ok;
        });
        var check = new Command("check", texts["HelpConfigCheck"]);
        check.SetAction(parsed =>
        {
            // What is wrong leaves as every wrong setting does: one line, exit code 2.
            RoleRules.Of(Load(parsed));
            Console.WriteLine(texts["ConfigFine"]);
            return ExitCodes.Ok;
        });
        return new Command("config", texts["HelpConfig"]) { show, check };
    }

    private RafagaSettings Load(ParseResult parsed) => SettingsLoader.Load(new Dictionary<string, string?> { ["Data:Folder"] = parsed.GetValue(data) });

    private static JsonNode ToJson(EffectiveSetting setting) => new JsonObject { ["name"] = setting.Name, ["value"] = setting.Value, ["source"] = setting.Source.ToString().ToLowerInvariant() };
}
