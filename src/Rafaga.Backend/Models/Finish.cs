using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Models;

/// <summary>Ends of an answer that the common list has no name for.</summary>
internal static class Finish
{
    /// <summary>The answer filled the model's context.</summary>
    public static ChatFinishReason ContextFull { get; } = new("context_full");
}
