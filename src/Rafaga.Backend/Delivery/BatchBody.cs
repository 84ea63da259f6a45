using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rafaga.Contracts;

namespace Rafaga.Backend.Delivery;

/// <summary>Reads a posted batch, and says in one line what is wrong with one that cannot be read.</summary>
internal static class BatchBody
{
    private const int MaxIdLength = 200;

    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out BatchRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        try
        {
            request = JsonSerializer.Deserialize(body, ContractsJson.Default.BatchRequest);
        }
        catch (JsonException e)
        {
            var path = e.Path?.TrimStart('$', '.');
            error = string.IsNullOrEmpty(path) ? "The body is not a batch in JSON." : $"{path} has the wrong type or is not valid JSON.";
            return false;
        }

        error = request is null ? "The body is not a batch in JSON." : Fault(request);
        return error is null;
    }

    /// <summary>What makes two deliveries the same: everything but fence and attempt. Updates count as they are written: what cannot be read can still be compared.</summary>
    public static string Hash(BatchRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{request.BatchId}\n{request.Conversation}\n{request.CloseReason}\n{request.OpenedAt.UtcTicks}\n{request.SealedAt.UtcTicks}\n");
        foreach (var message in request.Messages) Append($"{message.Id}\n{message.ReceivedAt.UtcTicks}\n{message.Update.GetRawText()}\n");
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(FormattableString text) => hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(text)));
    }

    private static string? Fault(BatchRequest request)
    {
        if (!IsId(request.BatchId)) return $"batch_id must have 1 to {MaxIdLength} characters, without control characters.";
        if (!ConversationKey.TryParse(request.Conversation, out _)) return "conversation must read telegram:bot:chat:thread:user.";
        if (request.Fence < 0) return "fence must not be negative.";
        if (request.Attempt < 1) return "attempt must be at least 1.";
        if (request.Messages is not { Count: > 0 }) return "messages must have at least one message.";

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (message is null || !IsId(message.Id)) return $"messages[{i}].id must have 1 to {MaxIdLength} characters, without control characters.";
            if (!ids.Add(message.Id)) return $"messages[{i}].id is given twice.";
            if (message.Update.ValueKind != JsonValueKind.Object) return $"messages[{i}].update must be an object.";
        }

        return null;
    }

    // Not every database keeps every character.
    private static bool IsId(string? id) => id is { Length: > 0 and <= MaxIdLength } && PlainText.IsPlain(id);
}
