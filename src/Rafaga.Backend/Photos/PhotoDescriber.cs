using System.Text.Json;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Models;

namespace Rafaga.Backend.Photos;

/// <summary>The instructions for describing a picture.</summary>
/// <param name="Text">Whole, the same for every picture.</param>
/// <param name="Hash">Names this version of them.</param>
internal sealed record PhotoPrompt(string Text, string Hash);

/// <summary>Asks the small model what is in a picture.</summary>
internal sealed class PhotoDescriber(ModelSet models, ModelCalls calls, PhotoPrompt prompt)
{
    // Some models think first, and thinking counts.
    private const int MaxTokens = 4096;
    private static readonly ChatResponseFormat Format = ChatResponseFormat.ForJsonSchema(Seen.Schema, "photo");

    /// <summary>What the model sees, and its answer for the books; nothing seen when it answers something else.</summary>
    /// <exception cref="ModelException">No answer.</exception>
    public async Task<(Seen? Seen, ChatResponse Answer)> DescribeAsync(PhotoView view, string language, CancellationToken cancellationToken)
    {
        var task = JsonSerializer.Serialize(new LookTask(language), SeenJson.Default.LookTask);
        ChatMessage[] messages = [new(ChatRole.System, prompt.Text), new(ChatRole.User, [view.ToContent(), new TextContent(task)])];
        var answer = await calls.AskAsync(models.Photos, messages, new ChatOptions { MaxOutputTokens = MaxTokens, ResponseFormat = Format }, cancellationToken);
        return (answer.FinishReason == ChatFinishReason.Stop || answer.FinishReason is null ? Seen.Parse(answer.Text) : null, answer);
    }
}
