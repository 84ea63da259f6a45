using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>docs/webhook.openapi.json says what the code does.</summary>
public sealed class ContractDocumentTests
{
    private static readonly JsonNode Document = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "webhook.openapi.json")))!;

    [Theory]
    [InlineData(typeof(BatchRequest))]
    [InlineData(typeof(BatchMessage))]
    [InlineData(typeof(BatchReply))]
    [InlineData(typeof(BatchStats))]
    [InlineData(typeof(BatchProblem))]
    public void A_schema_has_the_members_of_its_type_and_requires_those_that_are_always_there(Type type)
    {
        var schema = Document["components"]!["schemas"]![type.Name]!;
        var members = ContractsJson.Default.GetTypeInfo(type)!.Properties;
        Assert.Equal(members.Select(m => m.Name), schema["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal(members.Where(m => !m.IsSetNullable).Select(m => m.Name), schema["required"]!.AsArray().Select(n => (string)n!));
        foreach (var member in members) Assert.True(Fits(member, schema["properties"]![member.Name]!), $"{type.Name}.{member.Name}");
    }

    [Fact]
    public void The_path_the_headers_and_the_words_are_those_of_the_code()
    {
        var post = Document["paths"]![BatchEndpoint.Path]!["post"]!;
        Assert.Equal(
            [RequestSignature.IdHeader, RequestSignature.TimestampHeader, RequestSignature.SignatureHeader],
            post["parameters"]!.AsArray().Select(p => (string)p!["name"]!));
        Assert.Equal([BatchStatus.Done, BatchStatus.Running], Words("BatchReply", "status"));
        Assert.Equal([ReplyFormat.Html, ReplyFormat.MarkdownV2], Words("BatchReply", "format"));
        var choices = Document["components"]!["schemas"]!["BatchReply"]!["properties"]!["choices"]!;
        Assert.Equal((ReplyButton.MaxChoices, ReplyButton.MaxLength), ((int)choices["maxItems"]!, (int)choices["items"]!["maxLength"]!));
        Assert.Equal(
            [BatchProblemType.ModelBusy, BatchProblemType.ModelUnavailable, BatchProblemType.ModelBlocked, BatchProblemType.ModelRejected],
            Words("BatchProblem", "type"));
        Assert.Equal(
            Enum.GetValues<CloseReason>().Where(reason => reason != CloseReason.Cancel).Select(reason => reason.Name()).Append("single").Order(StringComparer.Ordinal),
            Words("BatchRequest", "close_reason").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Words(string schema, string member) =>
        Document["components"]!["schemas"]![schema]!["properties"]![member]!["enum"]!.AsArray().Select(n => (string)n!);

    private static bool Fits(JsonPropertyInfo member, JsonNode schema)
    {
        if (schema["$ref"] is { } reference) return (string)reference! == $"#/components/schemas/{member.PropertyType.Name}";
        var type = schema["type"] is JsonArray several ? (string)several[0]! : (string)schema["type"]!;
        var expected = Type.GetTypeCode(member.PropertyType) switch
        {
            TypeCode.String => "string",
            TypeCode.Int32 or TypeCode.Int64 => "integer",
            _ when member.PropertyType == typeof(DateTimeOffset) => "string",
            _ when member.PropertyType == typeof(JsonElement) => "object",
            _ => "array",
        };
        return type == expected;
    }
}
