namespace Rafaga.Backend.Prompts;

/// <summary>The prompt pack cannot be used. The message is one line that names the file and what to do.</summary>
public sealed class PromptPackException : Exception
{
    internal PromptPackException(string file, string fault, Exception? inner = null)
        : base($"Prompt pack: {file}: {fault}", inner)
    {
    }
}
