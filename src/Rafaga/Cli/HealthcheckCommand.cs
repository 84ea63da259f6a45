using System.CommandLine;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary><c>rafaga healthcheck</c>: for containers and timers, which only look at the exit code.</summary>
internal sealed class HealthcheckCommand(ApiOptions api, Texts texts)
{
    public Command Build()
    {
        var command = new Command("healthcheck", texts["HelpHealthcheck"]);
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = api.Client(parsed);
            JsonNode answer;
            try
            {
                answer = await client.GetAsync("/health/ready", cancellationToken);
            }
            catch (ApiException e)
            {
                await Console.Error.WriteLineAsync(e.Status == 503 ? Troubles(e.Message) : e.Describe(texts));
                return ExitCodes.Failed;
            }

            if (api.Json(parsed)) Output.Json(answer);
            else Console.WriteLine(texts["Healthy", client.Url]);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Troubles(string body) => JsonNode.Parse(body)?["checks"] is JsonArray checks
        ? string.Join(Environment.NewLine, checks.OfType<JsonNode>().Where(check => check["trouble"] is not null).Select(check => $"{check.Text("name")}: {check.Text("trouble")}"))
        : body;
}
