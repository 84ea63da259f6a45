using System.Text.Json.Serialization;

namespace Rafaga.Backend.Delivery;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class DeliveryJson : JsonSerializerContext;

internal sealed record Refusal(string Error);
