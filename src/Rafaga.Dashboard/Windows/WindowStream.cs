using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Rafaga.Batching;
using Rafaga.Dashboard.Api;

namespace Rafaga.Dashboard.Windows;

/// <summary>Tells one client of every change of the windows, as server-sent events, for as long as it listens.</summary>
internal sealed class WindowStream(WindowReader reader, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task SendAsync(HttpContext context, ConversationId? conversation)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        // A proxy that buffers would hold the events back.
        response.Headers["X-Accel-Buffering"] = "no";

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            string? sent = null;
            var sentAt = time.GetTimestamp();
            do
            {
                var infos = await reader.ListAsync(conversation, ended.Token);
                var mark = Mark(infos);
                if (mark == sent && time.GetElapsedTime(sentAt) < Heartbeat) continue;

                var text = mark == sent ? ": still here\n\n" : $"event: windows\ndata: {await ReadAsync(infos, ended.Token)}\n\n";
                (sent, sentAt) = (mark, time.GetTimestamp());
                await response.WriteAsync(text, ended.Token);
                await response.Body.FlushAsync(ended.Token);
            }
            while (await timer.WaitForNextTickAsync(ended.Token));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone, or the server goes.
        }
    }

    private async Task<string> ReadAsync(IReadOnlyList<BatchInfo> infos, CancellationToken cancellationToken) =>
        JsonSerializer.Serialize(await reader.ReadAsync(infos, cancellationToken), DashboardJson.Default.WindowsJson);

    // What a person can see change. The due time of a lease moves with each renewal and shows nowhere.
    private static string Mark(IReadOnlyList<BatchInfo> infos) => string.Join(' ', infos.Select(info => string.Create(
        CultureInfo.InvariantCulture,
        $"{info.Id}/{info.State}/{info.MessageCount}/{info.Attempt}/{(info.State == BatchState.Leased ? 0 : info.DueAt.UtcTicks)}")));
}
