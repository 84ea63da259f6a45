using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Commands;
using Rafaga.Backend.Store;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>What people have done before a test begins.</summary>
internal static class Stories
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A person sends photos in one burst, each with a text, into one event of their own or one that they have joined.</summary>
    public static async Task SaveAsync(this BackendHost host, Chat person, string name, params (string Photo, string Text)[] photos)
    {
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name })),
            1 => ScriptedChatClient.Calls(
                [.. photos.Select((photo, i) => ("add_memory", (object)new { photo = $"P{i + 1}", text = photo.Text, @event = asked.Results[0].GetProperty("event").GetString() }))]),
            _ => ScriptedChatClient.Say("Hecho."),
        });
        foreach (var (photo, _) in photos) person.Photo(photo);
        await host.ReplyAsync(person.Seal());
    }

    /// <summary>A person joins an event by an invitation; what they are told.</summary>
    public static async Task<string> JoinAsync(this BackendHost host, Chat guest, string name, string role = EventRole.Editor)
    {
        var code = InviteCode.New();
        await using var db = host.Open();
        var shared = await db.Events.SingleAsync(e => e.Name == name, Token);
        var now = host.Time.GetUtcNow();
        db.Invites.Add(new Invite { Id = Guid.CreateVersion7(now), EventId = shared.Id, CodeHash = InviteCode.Hash(code), Role = role, CreatedAt = now, ExpiresAt = now.AddDays(1) });
        await db.SaveChangesAsync(Token);
        return await host.TellAsync(guest.Command(PersonCommand.Join, code));
    }
}
