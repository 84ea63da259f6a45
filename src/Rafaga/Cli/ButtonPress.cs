using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary>Presses a button in the simulated chat: the newest one with that label.</summary>
internal sealed class ButtonPress(ApiClient client, Texts texts, string person)
{
    private const int Shown = 8;

    /// <summary>A button that was pressed.</summary>
    /// <param name="QueryId">What the bot answers it by.</param>
    /// <param name="IsChoice">Whether it goes to the conversation, where it is the message <c>q</c> and the id.</param>
    /// <param name="LastMessage">The newest message before it.</param>
    public sealed record Pressed(string QueryId, bool IsChoice, long LastMessage);

    /// <exception cref="UsageException">There is none; the message names those that there are.</exception>
    public async Task<Pressed> PressAsync(string label, CancellationToken cancellationToken)
    {
        var chat = $"/simulator/chats/{Uri.EscapeDataString(person)}/messages";
        var messages = (await client.GetAsync(chat, cancellationToken)).AsArray();
        var buttons = messages.Reverse()
            .SelectMany(message => (message!["buttons"]?.AsArray() ?? []).SelectMany(row => row!.AsArray()).Select(button => (Message: message!, Button: button!)))
            .ToList();
        var found = buttons.FirstOrDefault(b => b.Button.Text("callback_data") == label);
        if (found.Button is null) found = buttons.FirstOrDefault(b => string.Equals(b.Button.Text("text"), label, StringComparison.OrdinalIgnoreCase));
        if (found.Button is null) throw new UsageException(texts["NoButton", label, person, string.Join(", ", buttons.Take(Shown).Select(b => b.Button.Text("text")))]);

        var data = found.Button.Text("callback_data");
        using var body = JsonContent.Create(new JsonObject { ["button"] = data });
        var pressed = await client.PostAsync($"{chat}/{found.Message.Text("message_id")}/press", body, cancellationToken);
        return new Pressed(pressed.Text("query_id"), data.StartsWith("c:", StringComparison.Ordinal), messages.Max(m => (long)m!["message_id"]!));
    }

    /// <summary>What the bot said in passing; null while it has not answered.</summary>
    public async Task<string?> AnswerAsync(Pressed pressed, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/simulator/callbacks/{pressed.QueryId}"), cancellationToken)).Text("text");
        }
        catch (ApiException e) when (e.Status == 404)
        {
            return null;
        }
    }
}
