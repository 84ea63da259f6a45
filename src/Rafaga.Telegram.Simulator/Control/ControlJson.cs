using System.Text.Json.Serialization;

namespace Rafaga.Telegram.Simulator.Control;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<Person>))]
[JsonSerializable(typeof(IReadOnlyList<ChatMessage>))]
[JsonSerializable(typeof(NewPerson))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class ControlJson : JsonSerializerContext;

internal sealed record NewPerson(string? FirstName, string? LanguageCode);

internal sealed record Refusal(string Error);
