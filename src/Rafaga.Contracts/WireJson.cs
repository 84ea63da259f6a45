using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rafaga.Contracts;

/// <summary>Raw updates as they pass through the queue, untouched.</summary>
[JsonSerializable(typeof(JsonElement))]
public sealed partial class WireJson : JsonSerializerContext;
