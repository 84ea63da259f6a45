using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Rafaga.Telegram.Simulator.Control;

/// <summary>What people do with messages that are there.</summary>
internal static class ActionEndpoints
{
    public static void Map(IEndpointRouteBuilder group)
    {
        group.MapPost("/chats/{chat}/messages/{id:long}/edit", EditAsync);
        group.MapPost("/chats/{chat}/messages/{id:long}/press", PressAsync);
        group.MapPost("/chats/{chat}/messages/{id:long}/react", ReactAsync);
        group.MapDelete("/chats/{chat}/messages/{id:long}", Delete);
        group.MapGet("/callbacks/{queryId}", Answer);
    }

    private static async Task<IResult> EditAsync(string chat, long id, HttpRequest request, TelegramSimulator simulator)
    {
        var asked = await ControlEndpoints.ReadAsync(request, ControlJson.Default.NewEdit, """{"text":"…"}""", body => body.Text is not null);
        return Results.Json(new Addresses(simulator, request).Participant(chat, asked.From).Edit(id, asked.Text!), ControlJson.Default.ChatMessage);
    }

    private static async Task<IResult> PressAsync(string chat, long id, HttpRequest request, TelegramSimulator simulator)
    {
        var asked = await ControlEndpoints.ReadAsync(request, ControlJson.Default.NewPress, """{"button":"…"}""", body => body.Button is not null);
        return Results.Json(new Pressed(new Addresses(simulator, request).Participant(chat, asked.From).Press(id, asked.Button!)), ControlJson.Default.Pressed);
    }

    private static async Task<IResult> ReactAsync(string chat, long id, HttpRequest request, TelegramSimulator simulator)
    {
        var asked = await ControlEndpoints.ReadAsync(request, ControlJson.Default.NewReaction, """{"emoji":["👍"]}""", body => body.Emoji is not null);
        return Results.Json(new Addresses(simulator, request).Participant(chat, asked.From).React(id, asked.Emoji!), ControlJson.Default.ChatMessage);
    }

    private static IResult Delete(string chat, long id, HttpRequest request, TelegramSimulator simulator, string? from = null)
    {
        new Addresses(simulator, request).Participant(chat, from).Delete(id);
        return Results.NoContent();
    }

    private static IResult Answer(string queryId, TelegramSimulator simulator) =>
        simulator.AnswerTo(queryId) is { } answer ? Results.Json(answer, ControlJson.Default.CallbackAnswer) : Results.NotFound();
}
