using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rafaga.Backend.Delivery;
using Rafaga.Contracts;

namespace Rafaga.Backend.Commands;

/// <summary><c>POST /webhook/command</c>: 200 with what the person is told, or one line that says why not.</summary>
internal static class CommandRoute
{
    private const int MaxIdLength = 200;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(CommandEndpoint.Path, ReceiveAsync);

    private static async Task<IResult> ReceiveAsync(HttpContext http, BackendOptions options, PersonCommands commands, TimeProvider time)
    {
        var (body, refusal) = await SignedRequest.ReadAsync(http, CommandEndpoint.MaxBodyBytes, options, time);
        if (body is null) return refusal!;
        if (Read(body) is not { } request) return SignedRequest.Refused(StatusCodes.Status400BadRequest, "The body is not a command: id, conversation, name, update.");
        return await commands.CarryOutAsync(request, http.RequestAborted) is { } reply
            ? TypedResults.Json(reply, ContractsJson.Default.CommandReply)
            : SignedRequest.Refused(StatusCodes.Status404NotFound, "There is no such command.");
    }

    private static CommandRequest? Read(byte[] body)
    {
        try
        {
            var request = JsonSerializer.Deserialize(body, ContractsJson.Default.CommandRequest);
            return request is { Id: { Length: > 0 and <= MaxIdLength } id, Name: not null } && PlainText.IsPlain(id)
                && ConversationKey.TryParse(request.Conversation, out _) ? request : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
