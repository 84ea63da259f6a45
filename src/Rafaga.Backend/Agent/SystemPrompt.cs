namespace Rafaga.Backend.Agent;

/// <summary>The instructions that every request to the model starts with. Static bytes: one changed character ends every prompt cache.</summary>
/// <param name="Text">The instructions, whole.</param>
/// <param name="Hash">Names this version of them in the table of runs.</param>
public sealed record SystemPrompt(string Text, string Hash);
