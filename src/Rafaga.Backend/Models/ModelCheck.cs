using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Models;

/// <summary>Asks a model for one token, to see whether key, address and name are right.</summary>
public static class ModelCheck
{
    /// <summary>The model's name as it answered, and how long it took; an error that names the fix when it did not.</summary>
    /// <param name="options">The model.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public static async Task<ModelCheckResult> RunAsync(ModelOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var model = Model.Create(options, time);
        var started = time.GetTimestamp();
        try
        {
            var response = await model.Client.GetResponseAsync([new ChatMessage(ChatRole.User, "ping")], new ChatOptions { MaxOutputTokens = 1 }, cancellationToken);
            return new ModelCheckResult(PlainText.Clean(response.ModelId, 100) ?? model.Name, time.GetElapsedTime(started), null);
        }
        catch (ModelException e)
        {
            return new ModelCheckResult(model.Name, time.GetElapsedTime(started), e.Message);
        }
    }
}

/// <summary>What a model said to one token.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Error">One line that names the fix; null when all is well.</param>
public sealed record ModelCheckResult(string Model, TimeSpan Duration, string? Error);
