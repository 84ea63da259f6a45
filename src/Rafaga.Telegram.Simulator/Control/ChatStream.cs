using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Rafaga.Telegram.Simulator.Control;

/// <summary>One chat as server-sent events. A reader that comes back says what it saw last and gets what it missed.</summary>
internal sealed class ChatStream(HttpResponse response, TimeProvider time, CancellationToken cancellationToken)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static long? LastSeen(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public async Task RunAsync(ChatEvents.Subscription subscription, IReadOnlyList<ChatMessage> missed)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        // At once: whoever listens knows by it that nothing on the way holds events back.
        await WriteAsync("event: hello\ndata: {}\n\n");
        foreach (var message in missed) await ShowAsync(message);
        // What arrived between the subscription and the reading of what was missed has come both ways.
        var caughtUp = missed.Count > 0 ? missed[^1].MessageId : 0;

        var more = WaitAsync();
        while (true)
        {
            try
            {
                if (!await more.WaitAsync(Heartbeat, time, cancellationToken)) return;
            }
            catch (TimeoutException)
            {
                await WriteAsync(": beat\n\n");
                continue;
            }

            while (subscription.Reader.TryRead(out var happened))
            {
                if (happened is not ChatEvent.Message message) await WriteAsync(Other(happened));
                else if (message.Shown.MessageId > caughtUp) await ShowAsync(message.Shown);
            }

            more = WaitAsync();
        }

        Task<bool> WaitAsync() => subscription.Reader.WaitToReadAsync(cancellationToken).AsTask();
    }

    private Task ShowAsync(ChatMessage message) =>
        WriteAsync($"event: message\nid: {message.MessageId}\ndata: {JsonSerializer.Serialize(message, ControlJson.Default.ChatMessage)}\n\n");

    private static string Other(ChatEvent happened) => happened switch
    {
        ChatEvent.Edited edited => $"event: edited\ndata: {JsonSerializer.Serialize(edited.Shown, ControlJson.Default.ChatMessage)}\n\n",
        ChatEvent.Deleted deleted => $"event: deleted\ndata: {JsonSerializer.Serialize(new Deleted(deleted.MessageId), ControlJson.Default.Deleted)}\n\n",
        ChatEvent.Draft draft => $"event: draft\ndata: {JsonSerializer.Serialize(new Draft(draft.Text), ControlJson.Default.Draft)}\n\n",
        ChatEvent.Answered said => $"event: answered\ndata: {JsonSerializer.Serialize(new Answered(said.QueryId, said.Answer.Text, said.Answer.ShowAlert), ControlJson.Default.Answered)}\n\n",
        _ => "event: typing\ndata: {}\n\n",
    };

    private async Task WriteAsync(string text)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
