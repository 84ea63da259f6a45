using Rafaga.Dashboard;
using Rafaga.Telegram.Simulator;

namespace Rafaga.Hosting;

/// <summary>Lets the chat page read the simulated chats: the two projects do not know each other.</summary>
internal sealed class SimulatorHistory(TelegramSimulator simulator) : IChatHistory
{
    public ValueTask<IReadOnlyList<ChatPerson>> ListPeopleAsync(CancellationToken cancellationToken) =>
        new([.. simulator.People().Select(p => new ChatPerson(p.Id, p.Username, p.FirstName, p.LanguageCode))]);

    public ValueTask<IReadOnlyList<Dashboard.ChatMessage>> ListMessagesAsync(string username, long? before, int limit, CancellationToken cancellationToken) =>
        new(simulator.FindPerson(username) is { } person ? [.. simulator.Messages(person, before: before, limit: limit).Select(Show)] : []);

    private static Dashboard.ChatMessage Show(Telegram.Simulator.ChatMessage message) => new(message.MessageId, DateTimeOffset.FromUnixTimeSeconds(message.Date), message.IsBot)
    {
        Text = message.Text,
        Caption = message.Caption,
        PhotoUrl = message.PhotoUrl,
        PhotoWidth = message.PhotoWidth,
        PhotoHeight = message.PhotoHeight,
        MediaGroupId = message.MediaGroupId,
        FileName = message.FileUrl is null ? null : message.FileName ?? message.FileKind,
        FileUrl = message.FileUrl,
        Buttons = [.. (message.Buttons ?? []).Select(row => (IReadOnlyList<Dashboard.ChatButton>)[.. row.Where(b => b.CallbackData is not null).Select(b => new Dashboard.ChatButton(b.Text, b.CallbackData!))])],
    };
}
