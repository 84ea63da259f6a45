using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Bot.Commands;
using Rafaga.Bot.Intake;
using Rafaga.Bot.Resources;

namespace Rafaga.Bot.Access;

/// <summary>Lets people in or turns them away: openly, once, and then in silence. Nothing of those who are turned away is kept.</summary>
internal sealed partial class AccessDesk(BotOptions options, Admissions admissions, AnswerSender answers, TimeProvider time, ILogger<AccessDesk> logger)
{
    private readonly AccessOptions _access = options.Access;
    private readonly RateLimit _rate = new(options.Access.MessagesPerMinute);
    private readonly RateLimit _pressRate = new(options.Access.MessagesPerMinute);
    private readonly RecentIds _told = new(10_000);

    /// <summary>Whether a command shows the code.</summary>
    public bool IsInvitation(UpdateOutcome.Command command) =>
        _access is { Mode: AccessMode.Invite, InviteCode: { } code } && CommandNames.Canonical(command.Name) == CommandNames.Start
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(command.Argument ?? ""), Encoding.UTF8.GetBytes(code));

    /// <summary>Whether a person may use the bot.</summary>
    /// <exception cref="AccessUnknownException">It cannot be told now.</exception>
    public async Task<bool> IsInAsync(Origin from, ConversationId conversation, CancellationToken cancellationToken) => _access.Mode switch
    {
        AccessMode.Open => true,
        AccessMode.Off => false,
        AccessMode.Allowlist => _access.Names(from.PersonId, from.Username),
        _ => _access.Names(from.PersonId, from.Username) || await admissions.HoldAsync(from.PersonId, conversation, cancellationToken),
    };

    /// <summary>Whether what a person sends is taken; why it is not, they are told once.</summary>
    /// <exception cref="AccessUnknownException">It cannot be told now.</exception>
    public async Task<bool> AdmitsAsync(Origin from, ConversationId conversation, CancellationToken cancellationToken)
    {
        if (!await IsInAsync(from, conversation, cancellationToken))
        {
            if (!_told.Add(from.PersonId)) return false;
            LogTurnedAway(conversation, _access.Mode);
            Tell(from, texts => _access.Mode switch { AccessMode.Off => texts.AccessOff, AccessMode.Invite => texts.AccessByCode, _ => texts.AccessClosed });
            return false;
        }

        return HasRoom(_rate, from, conversation);
    }

    /// <summary>Whether an order is carried out. To be forgotten is everybody's right, at any time; whoever shows the code is not in yet.</summary>
    /// <exception cref="AccessUnknownException">It cannot be told now.</exception>
    public Task<bool> AdmitsAsync(UpdateOutcome.Command command, CancellationToken cancellationToken) => command switch
    {
        { Name: var name } when CommandNames.Canonical(name) == CommandNames.Forget => Task.FromResult(true),
        _ when IsInvitation(command) => Task.FromResult(HasRoom(_rate, command.Origin, command.Conversation)),
        _ => AdmitsAsync(command.Origin, command.Conversation, cancellationToken),
    };

    /// <summary>Whether a press is carried out, as with orders. It is charged right away, and by the time that it comes: what it carries is that of its message.</summary>
    /// <exception cref="AccessUnknownException">It cannot be told now.</exception>
    public async Task<bool> AdmitsAsync(UpdateOutcome.Press press, CancellationToken cancellationToken)
    {
        if (PressDesk.IsForgetting(press)) return true;
        if (!await IsInAsync(press.Origin, press.Conversation, cancellationToken)) return false;
        var now = press.Origin with { At = time.GetUtcNow() };
        if (!HasRoom(_pressRate, now, press.Conversation)) return false;
        _pressRate.Charge(now.PersonId, now.At);
        return true;
    }

    /// <summary>Something of a person was taken.</summary>
    public void Took(Origin from) => _rate.Charge(from.PersonId, from.At);

    private bool HasRoom(RateLimit rate, Origin from, ConversationId conversation)
    {
        if (rate.HasRoom(from.PersonId, from.At)) return true;
        if (!rate.IsNews(from.PersonId, from.At)) return false;
        LogTooFast(conversation, _access.MessagesPerMinute);
        Tell(from, texts => texts.TooFast);
        return false;
    }

    private void Tell(Origin from, Func<Texts, string> text) => answers.Enqueue(new Answer(from.Chat, text(new Texts(from.Language))));

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] {Conversation} is turned away: the access is {Mode}")]
    private partial void LogTurnedAway(ConversationId conversation, AccessMode mode);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] {Conversation} sends more than {Limit} messages in a minute; what is beyond is not taken, and they are told so")]
    private partial void LogTooFast(ConversationId conversation, int limit);
}
