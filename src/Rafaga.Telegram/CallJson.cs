using System.Text.Json;
using System.Text.Json.Serialization;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram;

// Arguments and answers of the methods that TelegramClient calls.
// The depth is generous: one odd update must not make the whole page of its neighbours unreadable.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    MaxDepth = 1000,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NoArguments))]
[JsonSerializable(typeof(GetUpdatesRequest))]
[JsonSerializable(typeof(SetWebhookRequest))]
[JsonSerializable(typeof(DeleteWebhookRequest))]
[JsonSerializable(typeof(GetChatRequest))]
[JsonSerializable(typeof(SetMyCommandsRequest))]
[JsonSerializable(typeof(GetMyCommandsRequest))]
[JsonSerializable(typeof(GetFileRequest))]
[JsonSerializable(typeof(SendMessageRequest))]
[JsonSerializable(typeof(SendFileRequest))]
[JsonSerializable(typeof(SendMediaGroupRequest))]
[JsonSerializable(typeof(IReadOnlyList<InputMediaArgument>))]
[JsonSerializable(typeof(SendChatActionRequest))]
[JsonSerializable(typeof(SetMessageReactionRequest))]
[JsonSerializable(typeof(EditMessageTextRequest))]
[JsonSerializable(typeof(EditMessageReplyMarkupRequest))]
[JsonSerializable(typeof(DeleteMessageRequest))]
[JsonSerializable(typeof(AnswerCallbackQueryRequest))]
[JsonSerializable(typeof(ApiAnswer))]
[JsonSerializable(typeof(JsonElement[]))]
[JsonSerializable(typeof(bool))]
internal sealed partial class CallJson : JsonSerializerContext;

internal sealed record NoArguments;

internal sealed record GetUpdatesRequest(long? Offset, int Limit, int Timeout, IReadOnlyList<string> AllowedUpdates);

internal sealed record DeleteWebhookRequest(bool DropPendingUpdates);

internal sealed record GetChatRequest(long ChatId);

internal sealed record SetMyCommandsRequest(IReadOnlyList<BotCommand> Commands, string? LanguageCode);

internal sealed record GetMyCommandsRequest(string? LanguageCode);

internal sealed record GetFileRequest(string FileId);

internal sealed record InputMediaArgument(string Type, string Media, string? Caption);

internal sealed record SendChatActionRequest(long ChatId, string Action, long? MessageThreadId);

internal sealed record SetMessageReactionRequest(long ChatId, long MessageId, IReadOnlyList<ReactionType> Reaction);

internal sealed record EditMessageReplyMarkupRequest(long ChatId, long MessageId, InlineKeyboardMarkup? ReplyMarkup);

internal sealed record DeleteMessageRequest(long ChatId, long MessageId);

internal sealed record AnswerCallbackQueryRequest(string CallbackQueryId, string? Text, bool? ShowAlert);

internal sealed record ApiAnswer(bool Ok)
{
    public JsonElement Result { get; init; }

    public int? ErrorCode { get; init; }

    public string? Description { get; init; }

    public AnswerParameters? Parameters { get; init; }
}

internal sealed record AnswerParameters
{
    public int? RetryAfter { get; init; }

    public long? MigrateToChatId { get; init; }
}
