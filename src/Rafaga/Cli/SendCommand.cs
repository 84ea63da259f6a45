using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary><c>rafaga send</c>: writes to the simulated chat as a person would, and can wait for the reply.</summary>
internal sealed class SendCommand(ApiOptions api, Texts texts)
{
    private readonly Argument<string[]> _messages = new("text") { Description = texts["HelpSendTexts"], Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _photos = new("--photo") { Description = texts["HelpSendPhoto"], DefaultValueFactory = _ => [] };
    private readonly Option<string?> _caption = new("--caption") { Description = texts["HelpSendCaption"] };
    private readonly Option<bool> _album = new("--album") { Description = texts["HelpSendAlbum"] };
    private readonly Option<bool> _document = new("--as-document") { Description = texts["HelpSendDocument"] };
    private readonly Option<string?> _press = new("--press") { Description = texts["HelpSendPress"] };
    private readonly Option<string> _as = new("--as") { Description = texts["HelpSendAs"], DefaultValueFactory = _ => "ana" };
    private readonly Option<string> _gap = new("--gap") { Description = texts["HelpSendGap"], DefaultValueFactory = _ => "300ms" };
    private readonly Option<bool> _wait = new("--wait") { Description = texts["HelpSendWait"] };
    private readonly Option<double> _timeout = new("--timeout") { Description = texts["HelpSendTimeout"], DefaultValueFactory = _ => 120 };

    public Command Build()
    {
        var command = new Command("send", texts["HelpSend"]) { _messages, _photos, _caption, _album, _document, _press, _as, _gap, _wait, _timeout };
        api.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_press) is { } button) return await PressAsync(parsed, button, cancellationToken);
        var gap = ReadGap(parsed.GetValue(_gap)!);
        var parts = ReadParts(parsed);
        using var client = api.Client(parsed);
        var person = await FindPersonAsync(client, parsed.GetValue(_as)!, cancellationToken);
        var name = person.Text("username");

        List<JsonNode> sent = [];
        foreach (var part in parts)
        {
            if (sent.Count > 0) await Task.Delay(gap, TimeProvider.System, cancellationToken);
            using var content = part.ToContent();
            var created = await client.PostAsync($"/simulator/chats/{Uri.EscapeDataString(name)}/messages", content, cancellationToken);
            sent.AddRange(created.AsArray().Select(m => m!.DeepClone()));
        }

        var json = api.Json(parsed);
        if (!parsed.GetValue(_wait))
        {
            if (json) Output.Json(new JsonObject { ["sent"] = new JsonArray([.. sent]) });
            else Console.WriteLine(texts["Sent", Count(sent.Count, name)]);
            return ExitCodes.Ok;
        }

        var wait = new ReplyWait(client, texts, TimeProvider.System, quiet: json);
        var outcome = await wait.RunAsync(person, sent, TimeSpan.FromSeconds(parsed.GetValue(_timeout)), cancellationToken);
        return Print(outcome, sent, json);
    }

    private async Task<int> PressAsync(ParseResult parsed, string button, CancellationToken cancellationToken)
    {
        using var client = api.Client(parsed);
        var person = await FindPersonAsync(client, parsed.GetValue(_as)!, cancellationToken);
        var press = new ButtonPress(client, texts, person.Text("username"));
        var pressed = await press.PressAsync(button, cancellationToken);
        if (!parsed.GetValue(_wait)) return ExitCodes.Ok;
        var json = api.Json(parsed);
        var wait = new ReplyWait(client, texts, TimeProvider.System, quiet: json);
        return Print(await wait.RunAsync(person, press, pressed, TimeSpan.FromSeconds(parsed.GetValue(_timeout)), cancellationToken), [], json);
    }

    private int Print(ReplyWait.Outcome outcome, List<JsonNode> sent, bool json)
    {
        if (json)
        {
            Output.Json(new JsonObject
            {
                ["sent"] = new JsonArray([.. sent]),
                ["batches"] = new JsonArray([.. outcome.Batches.Select(b => b.DeepClone())]),
                ["replies"] = new JsonArray([.. outcome.Replies.Select(r => r.DeepClone())]),
                ["notice"] = outcome.Notice,
                ["timed_out"] = outcome.TimedOut,
            });
        }
        else
        {
            if (outcome.Notice?.Length > 0) Console.WriteLine($"({outcome.Notice})");
            foreach (var reply in outcome.Replies) ReplyPrinter.Print(reply);
        }

        foreach (var batch in outcome.Batches)
        {
            if (batch.Text("state") == "dead") Console.Error.WriteLine(texts["BatchDead", batch.Text("error")]);
            else if (!json) Console.Error.WriteLine(Turn(batch));
        }

        if (outcome.TimedOut) Console.Error.WriteLine(texts["WaitTimeout", outcome.Limit.TotalSeconds]);
        return outcome.TimedOut || outcome.Batches.Any(b => b.Text("state") != "done") ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private string Turn(JsonNode batch)
    {
        var messages = (int)batch["message_count"]!;
        var count = messages == 1 ? texts["OneMessage"] : texts["Messages", messages];
        var wait = DateTimeOffset.Parse(batch.Text("sealed_at"), CultureInfo.InvariantCulture) - DateTimeOffset.Parse(batch.Text("opened_at"), CultureInfo.InvariantCulture);
        return texts["Turn", count, batch.Text("close_reason"), wait.TotalSeconds];
    }

    private string Count(int messages, string name) => messages == 1 ? texts["SentOne", name] : texts["SentMessages", messages, name];

    private async Task<JsonNode> FindPersonAsync(ApiClient client, string name, CancellationToken cancellationToken)
    {
        JsonArray people;
        try
        {
            people = (await client.GetAsync("/simulator/people", cancellationToken)).AsArray();
        }
        catch (ApiException e) when (e.Status == 404)
        {
            throw new UsageException(texts["NoSimulator"]);
        }

        return people.FirstOrDefault(p => string.Equals(p!.Text("username"), name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException(texts["UnknownPerson", name, string.Join(", ", people.Select(p => p!.Text("username")))]);
    }

    private List<OutgoingPart> ReadParts(ParseResult parsed)
    {
        List<OutgoingPart> parts = [.. parsed.GetValue(_messages)!.Select(text => new OutgoingPart(text, null, [], Album: false, Document: false))];
        var document = parsed.GetValue(_document);
        var pictures = parsed.GetValue(_photos)!.Select(ReadPicture).ToList();
        var caption = parsed.GetValue(_caption);
        if (parsed.GetValue(_album) && pictures.Count > 1)
            parts.Add(new OutgoingPart(null, caption, pictures, Album: true, document));
        else
            parts.AddRange(pictures.Select((picture, i) => new OutgoingPart(null, i == 0 ? caption : null, [picture], Album: false, document)));
        return parts.Count > 0 ? parts : throw new UsageException(texts["NothingToSend"]);
    }

    private Picture ReadPicture(string path)
    {
        try
        {
            return new Picture(Path.GetFileName(path), File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(texts["FileUnreadable", path, e.Message]);
        }
    }

    private TimeSpan ReadGap(string text)
    {
        var (digits, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 0.001) : (text.TrimEnd('s'), 1.0);
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * unit <= 3600
            ? TimeSpan.FromSeconds(number * unit)
            : throw new UsageException(texts["BadGap", text]);
    }

    private sealed record Picture(string Name, byte[] Bytes);

    private sealed record OutgoingPart(string? Text, string? Caption, IReadOnlyList<Picture> Pictures, bool Album, bool Document)
    {
        public MultipartFormDataContent ToContent()
        {
            var form = new MultipartFormDataContent();
            if (Text is not null) form.Add(new StringContent(Text), "text");
            if (Caption is not null) form.Add(new StringContent(Caption), "caption");
            if (Album) form.Add(new StringContent("true"), "album");
            if (Document) form.Add(new StringContent("true"), "as_document");
            foreach (var picture in Pictures) form.Add(new ByteArrayContent(picture.Bytes), "photo", picture.Name);
            return form;
        }
    }
}
