using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Rafaga.Backend.Models;

/// <summary>Any server that speaks OpenAI's chat completions: OpenAI, Ollama, llama.cpp, LM Studio.</summary>
internal sealed class OpenAiChatClient : IChatClient
{
    // Servers of one's own want none, the client library wants one.
    private const string NoKey = "none";

    private static readonly BinaryData NoArguments = BinaryData.FromString("{}");

    private readonly ChatClient _client;
    private readonly ChatClientMetadata _metadata;
    private readonly int _maxOutputTokens;

    public OpenAiChatClient(ModelOptions options, TimeProvider time)
    {
        var endpoint = options.BaseUrl ?? new Uri("https://api.openai.com/v1");
        // People write the root of their server, the path of the interface is always the same.
        if (endpoint.AbsolutePath == "/") endpoint = new Uri(endpoint, "v1");
        _client = new ChatClient(options.Model, new ApiKeyCredential(options.ApiKey ?? NoKey), new OpenAIClientOptions
        {
            Endpoint = endpoint,
            Transport = new HttpClientPipelineTransport(VendorHttp.Create(time)),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = options.Timeout + TimeSpan.FromSeconds(30),
        });
        _maxOutputTokens = options.MaxOutputTokens;
        _metadata = new ChatClientMetadata("openai", endpoint, options.Model);
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new ChatCompletionOptions { MaxOutputTokenCount = options?.MaxOutputTokens ?? _maxOutputTokens };
        foreach (var tool in options?.Tools?.OfType<AIFunctionDeclaration>() ?? [])
            request.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        if (options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } form)
            request.ResponseFormat = OpenAI.Chat.ChatResponseFormat.CreateJsonSchemaFormat(form.SchemaName ?? "answer", BinaryData.FromString(schema.GetRawText()), jsonSchemaIsStrict: true);
        if (options?.ToolMode is NoneChatToolMode && request.Tools.Count > 0) request.ToolChoice = ChatToolChoice.CreateNoneChoice();

        ChatCompletion answer = await _client.CompleteChatAsync(messages.SelectMany(ToVendor), request, cancellationToken);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, Contents(answer)))
        {
            ResponseId = answer.Id,
            ModelId = answer.Model,
            FinishReason = Finished(answer),
            RawRepresentation = answer,
            Usage = answer.Usage is not { } usage ? null : new UsageDetails
            {
                InputTokenCount = usage.InputTokenCount,
                OutputTokenCount = usage.OutputTokenCount,
                TotalTokenCount = usage.TotalTokenCount,
                CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
            },
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(ChatClientMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }

    private static IEnumerable<OpenAI.Chat.ChatMessage> ToVendor(ChatMessage message)
    {
        if (message.Role == ChatRole.System) return [new SystemChatMessage(message.Text)];
        if (message.Role == ChatRole.Tool) return message.Contents.OfType<FunctionResultContent>().Select(result => new ToolChatMessage(result.CallId, Text(result.Result)));
        if (message.Role == ChatRole.Assistant) return [Assistant(message)];
        return [new UserChatMessage(message.Contents.Select(Part).OfType<ChatMessageContentPart>())];
    }

    private static AssistantChatMessage Assistant(ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, (BinaryData?)call.RawRepresentation ?? Arguments(call))).ToList();
        if (calls.Count == 0) return new AssistantChatMessage(message.Text);
        var assistant = new AssistantChatMessage(calls);
        if (message.Text.Length > 0) assistant.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        return assistant;
    }

    private static ChatMessageContentPart? Part(AIContent content) => content switch
    {
        TextContent text => ChatMessageContentPart.CreateTextPart(text.Text),
        DataContent data when data.HasTopLevelMediaType("image") => ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(data.Data), data.MediaType),
        _ => null,
    };

    private static string Text(object? result) => result switch
    {
        JsonElement json => json.GetRawText(),
        _ => result?.ToString() ?? "",
    };

    private static BinaryData Arguments(FunctionCallContent call) =>
        BinaryData.FromString(JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>))));

    private static List<AIContent> Contents(ChatCompletion answer)
    {
        List<AIContent> contents = [];
        var text = string.Concat(answer.Content.Select(part => part.Text ?? part.Refusal));
        if (text.Length > 0) contents.Add(new TextContent(text));
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in answer.ToolCalls)
        {
            // Small servers number calls badly or not at all; results are told apart by these ids.
            var id = call.Id is { Length: > 0 } given && ids.Add(given) ? given : string.Create(CultureInfo.InvariantCulture, $"call_{answer.Id}_{contents.Count}");
            contents.Add(Call(id, call));
        }

        return contents;
    }

    private static FunctionCallContent Call(string id, ChatToolCall call)
    {
        try
        {
            var given = call.FunctionArguments is { Length: > 0 } written ? written : NoArguments;
            using var arguments = JsonDocument.Parse(given.ToMemory());
            return new FunctionCallContent(id, call.FunctionName, arguments.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value.Clone(), StringComparer.Ordinal))
            {
                RawRepresentation = given,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not an object, or a name twice: the tool says so, and the model may try again.
            return new FunctionCallContent(id, call.FunctionName) { Exception = e, RawRepresentation = NoArguments };
        }
    }

    private static ChatFinishReason? Finished(ChatCompletion answer) => answer.FinishReason switch
    {
        OpenAI.Chat.ChatFinishReason.Stop when answer.Refusal is not null => ChatFinishReason.ContentFilter,
        OpenAI.Chat.ChatFinishReason.Stop => ChatFinishReason.Stop,
        OpenAI.Chat.ChatFinishReason.Length => ChatFinishReason.Length,
        OpenAI.Chat.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        OpenAI.Chat.ChatFinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        _ => null,
    };
}
