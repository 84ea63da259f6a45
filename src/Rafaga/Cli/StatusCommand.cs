using System.CommandLine;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary><c>rafaga status</c>: the banner again, and how much is waiting.</summary>
internal sealed class StatusCommand(ApiOptions api, Texts texts)
{
    public Command Build()
    {
        var command = new Command("status", texts["HelpStatus"]);
        api.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = api.Client(parsed);
            var status = await client.GetAsync("/api/status", cancellationToken);
            if (api.Json(parsed))
            {
                Output.Json(status);
                return ExitCodes.Ok;
            }

            foreach (var line in status["banner"]!.AsArray()) Console.WriteLine(line!.ToString());
            var counts = status["counts"]!;
            Console.WriteLine();
            Console.WriteLine("  " + texts["Counts", counts["open"], counts["sealed"], counts["leased"], counts["retry"], counts["done"], counts["dead"]]);
            return ExitCodes.Ok;
        });
        return command;
    }
}
