using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Rafaga.Telegram.Simulator.Control;

/// <summary>What is to go wrong.</summary>
internal static class FaultEndpoints
{
    public static void Map(IEndpointRouteBuilder group)
    {
        group.MapGet("/faults", List);
        group.MapPost("/faults", AddAsync);
        group.MapDelete("/faults", (TelegramSimulator simulator) =>
        {
            simulator.Faults.Clear();
            return Results.NoContent();
        });
    }

    private static IResult List(TelegramSimulator simulator) => Results.Json(simulator.Faults.Waiting, ControlJson.Default.IReadOnlyListFault);

    private static async Task<IResult> AddAsync(HttpRequest request, TelegramSimulator simulator)
    {
        var asked = await ControlEndpoints.ReadAsync(
            request, ControlJson.Default.NewFault, """{"fault":"too_many_requests","method":"sendMessage","times":2,"retry_after":3}""", body => body.Fault is not null);
        try
        {
            simulator.Faults.Add(asked.ToFault());
        }
        catch (ArgumentException e)
        {
            // Its own words, without the name of the argument that .NET hangs on.
            throw new SendRefusedException(e.Message.Split(" (Parameter", 2)[0]);
        }

        return List(simulator);
    }
}
