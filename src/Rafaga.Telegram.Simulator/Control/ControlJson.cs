using System.Text.Json.Serialization;
using Rafaga.Telegram.Simulator.Faults;

namespace Rafaga.Telegram.Simulator.Control;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<Person>))]
[JsonSerializable(typeof(IReadOnlyList<Group>))]
[JsonSerializable(typeof(IReadOnlyList<ChatMessage>))]
[JsonSerializable(typeof(IReadOnlyList<Fault>))]
[JsonSerializable(typeof(NewFault))]
[JsonSerializable(typeof(NewPerson))]
[JsonSerializable(typeof(NewGroup))]
[JsonSerializable(typeof(NewTopic))]
[JsonSerializable(typeof(Topic))]
[JsonSerializable(typeof(NewStanding))]
[JsonSerializable(typeof(NewEdit))]
[JsonSerializable(typeof(NewPress))]
[JsonSerializable(typeof(Pressed))]
[JsonSerializable(typeof(NewReaction))]
[JsonSerializable(typeof(BotView))]
[JsonSerializable(typeof(CallbackAnswer))]
[JsonSerializable(typeof(Draft))]
[JsonSerializable(typeof(Answered))]
[JsonSerializable(typeof(Deleted))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class ControlJson : JsonSerializerContext;

internal sealed record NewPerson(string? FirstName, string? LanguageCode);

internal sealed record NewGroup(string? Title, string? From, bool? Supergroup, bool? Forum);

internal sealed record NewTopic(string? Name, string? From);

internal sealed record Topic(long ThreadId);

internal sealed record NewStanding(string? Status, string? From);

internal sealed record NewEdit(string? Text, string? From);

internal sealed record NewPress(string? Button, string? From);

internal sealed record Pressed(string QueryId);

internal sealed record NewReaction(IReadOnlyList<string>? Emoji, string? From);

// What is not given is as the fault's own defaults say.
internal sealed record NewFault(
    FaultKind? Fault, string? Method, long? ChatId, string? Update, int? Skip, int? Times, int? RetryAfter, int? Code, string? Description, double? Seconds)
{
    public Fault ToFault()
    {
        var fault = new Fault(Fault!.Value) { Method = Method, ChatId = ChatId, Update = Update, Skip = Skip ?? 0, Seconds = Seconds };
        return fault with
        {
            Times = Times ?? fault.Times,
            RetryAfter = RetryAfter ?? fault.RetryAfter,
            Code = Code ?? fault.Code,
            Description = Description ?? fault.Description,
        };
    }
}

internal sealed record BotView(string? Username, bool? PrivacyMode);

internal sealed record Draft(string Text);

internal sealed record Answered(string QueryId, string? Text, bool ShowAlert);

internal sealed record Deleted(long MessageId);

internal sealed record Refusal(string Error);
