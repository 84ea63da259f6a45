using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rafaga.Telegram;

/// <summary>Arguments with files beside them. Names stand in quotes and in UTF-8, as browsers write them: the server does not decode what the framework would write.</summary>
internal sealed class BotApiForm : MultipartFormDataContent
{
    public BotApiForm() => HeaderEncodingSelector = (_, _) => Encoding.UTF8;

    /// <summary>The members of a request: text as it is, all else as JSON.</summary>
    public static BotApiForm Of<T>(T request, JsonTypeInfo<T> type)
    {
        var form = new BotApiForm();
        foreach (var member in JsonSerializer.SerializeToElement(request, type).EnumerateObject())
            form.Add(member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText());
        return form;
    }

    public void Add(string field, string value) => Put(new ByteArrayContent(Encoding.UTF8.GetBytes(value)), $"form-data; name=\"{field}\"");

    public void Attach(string field, InputFile.Upload upload)
    {
        var content = new StreamContent(upload.Content);
        if (upload.MediaType is { } mediaType) content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        Put(content, $"form-data; name=\"{field}\"; filename=\"{Escape(upload.FileName)}\"");
    }

    private void Put(HttpContent content, string disposition)
    {
        content.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
        Add(content);
    }

    private static string Escape(string name) =>
        name.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
}
