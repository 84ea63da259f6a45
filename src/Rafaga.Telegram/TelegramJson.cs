using System.Text.Json.Serialization;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram;

/// <summary>The JSON of the Bot API's types: snake_case, unknown members ignored, nulls left out; a member that is always there must be there.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Update))]
[JsonSerializable(typeof(TelegramFile))]
[JsonSerializable(typeof(IReadOnlyList<BotCommand>))]
[JsonSerializable(typeof(IReadOnlyList<Message>))]
[JsonSerializable(typeof(WebhookInfo))]
public sealed partial class TelegramJson : JsonSerializerContext;
