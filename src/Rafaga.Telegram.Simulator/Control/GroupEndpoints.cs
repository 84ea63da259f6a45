using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rafaga.Telegram.Simulator.Chats;

namespace Rafaga.Telegram.Simulator.Control;

/// <summary>Groups, their topics, and what the bot is in a chat.</summary>
internal static class GroupEndpoints
{
    private static readonly string[] Statuses = [Standing.Member, Standing.Administrator, Standing.Left, Standing.Kicked, Standing.Deactivated];

    public static void Map(IEndpointRouteBuilder group)
    {
        group.MapGet("/groups", (TelegramSimulator simulator) => Results.Json(simulator.Groups(), ControlJson.Default.IReadOnlyListGroup));
        group.MapPost("/groups", AddAsync);
        group.MapPost("/chats/{chat}/topics", AddTopicAsync);
        group.MapPost("/chats/{chat}/upgrade", Upgrade);
        group.MapPost("/chats/{chat}/bot", SetStandingAsync);
        group.MapGet("/bot", ShowBot);
        group.MapPost("/bot", SetBotAsync);
    }

    private static async Task<IResult> AddAsync(HttpRequest request, TelegramSimulator simulator)
    {
        var asked = await ControlEndpoints.ReadAsync(
            request, ControlJson.Default.NewGroup, """{"title":"…","from":"ana","supergroup":true,"forum":false}""", body => body.Title is not null && body.From is not null);
        var group = simulator.AddGroup(new Addresses(simulator, request).Person(asked.From!), asked.Title!, asked.Supergroup ?? true, asked.Forum ?? false);
        return Results.Json(group, ControlJson.Default.Group, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> AddTopicAsync(string chat, HttpRequest request, TelegramSimulator simulator)
    {
        var asked = await ControlEndpoints.ReadAsync(request, ControlJson.Default.NewTopic, """{"name":"…","from":"ana"}""", body => body.Name is not null && body.From is not null);
        var addresses = new Addresses(simulator, request);
        var id = simulator.AddTopic(addresses.Person(asked.From!), addresses.Group(chat), asked.Name!);
        return Results.Json(new Topic(id), ControlJson.Default.Topic, statusCode: StatusCodes.Status201Created);
    }

    private static IResult Upgrade(string chat, HttpRequest request, TelegramSimulator simulator, string? from = null)
    {
        var addresses = new Addresses(simulator, request);
        return Results.Json(simulator.Upgrade(addresses.Actor(chat, from), addresses.Group(chat)), ControlJson.Default.Group, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> SetStandingAsync(string chat, HttpRequest request, TelegramSimulator simulator)
    {
        var asked = await ControlEndpoints.ReadAsync(
            request, ControlJson.Default.NewStanding, """{"status":"member|administrator|left|kicked|deactivated","from":"ana"}""", body => Statuses.Contains(body.Status));
        var addresses = new Addresses(simulator, request);
        var person = addresses.Actor(chat, asked.From);
        var isPrivate = addresses.Chat(chat).IsPrivate;
        if (isPrivate && asked.Status == Standing.Deactivated) simulator.Deactivate(person);
        else if (isPrivate) simulator.Block(person, asked.Status == Standing.Kicked);
        else simulator.SetStanding(person, addresses.Group(chat), Enum.Parse<BotStanding>(asked.Status == Standing.Deactivated ? Standing.Kicked : asked.Status!, ignoreCase: true));
        return Results.NoContent();
    }

    private static IResult ShowBot(TelegramSimulator simulator, SimulatorOptions options) =>
        Results.Json(new BotView(options.BotUsername, simulator.PrivacyMode), ControlJson.Default.BotView);

    private static async Task<IResult> SetBotAsync(HttpRequest request, TelegramSimulator simulator, SimulatorOptions options)
    {
        var asked = await ControlEndpoints.ReadAsync(request, ControlJson.Default.BotView, """{"privacy_mode":true}""", body => body.PrivacyMode is not null);
        simulator.PrivacyMode = asked.PrivacyMode!.Value;
        return ShowBot(simulator, options);
    }
}
