using System.Text.Json.Serialization;

namespace Rafaga.Contracts;

/// <summary>The JSON of the wire between worker and backend: snake_case, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(BatchReply))]
[JsonSerializable(typeof(CommandRequest))]
[JsonSerializable(typeof(CommandReply))]
[JsonSerializable(typeof(LanguageRequest))]
[JsonSerializable(typeof(LanguageReply))]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(AccessRequest))]
[JsonSerializable(typeof(AccessReply))]
[JsonSerializable(typeof(BatchProblem))]
public sealed partial class ContractsJson : JsonSerializerContext;
