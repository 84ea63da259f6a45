using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Prompts;
using Xunit;


namespace Rafaga.Backend.Tests.Prompts;

public sealed class PromptPackTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rafaga-prompts-");

    public PromptPackTests()
    {
        foreach (var file in Directory.EnumerateFiles(PromptPack.DefaultFolder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.FullName, Path.GetRelativePath(PromptPack.DefaultFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_delivered_pack_is_valid_and_holds_the_batch_section_and_every_example()
    {
        var prompt = PromptPack.Load(PromptPack.DefaultFolder);

        Assert.Contains("<batch>", prompt.Text, StringComparison.Ordinal);
        Assert.Equal(14, prompt.Text.Split("<example>").Length - 1);
        Assert.Contains("Guarda TODO lo utilizable de \"batch_photos\" antes de preguntar", prompt.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("Ã|Â|â€|\uFFFD", prompt.Text);
    }

    [Fact]
    public void The_hash_is_of_the_text_and_the_same_each_time()
    {
        var prompt = PromptPack.Load(_folder.FullName);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt.Text))), prompt.Hash);
        Assert.Equal(prompt, PromptPack.Load(_folder.FullName));
    }

    [Fact]
    public void Line_ends_and_byte_order_marks_do_not_change_the_hash_and_a_word_does()
    {
        var before = PromptPack.Load(_folder.FullName).Hash;
        Change("core/instructions.xml", text => "\uFEFF" + text.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal(before, PromptPack.Load(_folder.FullName).Hash);

        Change("core/instructions.xml", text => text.Replace("atento", "amable", StringComparison.Ordinal));
        Assert.NotEqual(before, PromptPack.Load(_folder.FullName).Hash);
    }

    [Fact]
    public void It_is_registered_as_the_system_prompt_and_a_fault_stops_the_start()
    {
        using var services = new ServiceCollection().AddPromptPack(null).BuildServiceProvider();
        Assert.NotEmpty(services.GetRequiredService<SystemPrompt>().Text);

        Assert.Throws<PromptPackException>(() => new ServiceCollection().AddPromptPack(Path.Combine(_folder.FullName, "nowhere")));
    }

    [Theory]
    [InlineData("manifest.json", "\"version\": \"1\"", "\"version\": \"\"", "manifest.json: has no \"version\"; give one, such as \"1\".")]
    [InlineData("manifest.json", "\"language\": \"es\"", "\"language\": null", "manifest.json: has no \"language\"")]
    [InlineData("manifest.json", "\"version\"", "\"versoin\"", "manifest.json: is not the expected JSON in line 2")]
    [InlineData("manifest.json", "{", "", "manifest.json: is not the expected JSON in line")]
    [InlineData("manifest.json", "core/instructions.xml", "core/missing.xml", "core/missing.xml: cannot be read in ")]
    [InlineData("manifest.json", "core/instructions.xml", "../secret.xml", "../secret.xml: must be a path inside the pack's folder.")]
    [InlineData("manifest.json", "core/instructions.xml", "/etc/passwd", "/etc/passwd: must be a path inside the pack's folder.")]
    [InlineData("core/instructions.xml", "</batch>", "", "core/instructions.xml: is not well-formed XML in line")]
    [InlineData("core/instructions.xml", "<instructions>", "<!DOCTYPE x [<!ENTITY y \"z\">]><instructions>", "core/instructions.xml: is not well-formed XML")]
    [InlineData("core/instructions.xml", "batch>", "bursts>", "core/instructions.xml: has no <batch> section; say there what to do with a burst of messages.")]
    [InlineData("examples/playa-sin-texto.json", "\"name\"", "\"title\"", "examples/playa-sin-texto.json: is not the expected JSON in line 2")]
    [InlineData("examples/playa-sin-texto.json", "\"Fotos de playa sin texto\"", "\"\"", "examples/playa-sin-texto.json: has no \"name\"")]
    [InlineData("examples/playa-sin-texto.json", "\"messages\"", "\"mesages\"", "examples/playa-sin-texto.json: has no \"turn.messages\"")]
    [InlineData("examples/playa-sin-texto.json", "\"kind\": \"photo\", \"photo\": \"P4\"", "\"kind\": \"photo\"", "examples/playa-sin-texto.json: turn.messages[3] has no \"photo\"; give it.")]
    [InlineData("examples/playa-sin-texto.json", "\"kind\": \"photo\", \"photo\": \"P4\"", "\"kind\": \"film\", \"photo\": \"P4\"", "turn.messages[3] has no \"kind\" that there is; use \"text\", \"photo\", ")]
    [InlineData("examples/playa-sin-texto.json", "\"id\": \"m24\", ", "", "turn.messages[3] has no \"id\"")]
    [InlineData("examples/playa-sin-texto.json", "{ \"photo\": \"P4\", \"usable\"", "{ \"photo\": \"P5\", \"usable\"", "sends P4, which is not in \"turn.batch_photos\"")]
    [InlineData("examples/playa-sin-texto.json", "\"arguments\": { \"photo\": \"P3\"", "\"arguments\": { \"photo\": \"P4\"", "saves P4, which is unusable, unknown or saved already; save each usable photo once.")]
    [InlineData("examples/playa-sin-texto.json", "{ \"tool\": \"add_memory\", \"arguments\": { \"photo\": \"P1\"", "{ \"tool\": \"save\", \"arguments\": { \"photo\": \"P1\"", "calls save, which does not exist; use list_events,")]
    [InlineData("examples/playa-sin-texto.json", "\"image_description\": \"Puesta", "\"description\": \"Puesta", "gives add_memory the argument description; it takes photo, event, text, image_description.")]
    [InlineData("examples/playa-sin-texto.json", "\"usable\": false", "\"usable\": true", "does not save P4; save each usable photo once.")]
    [InlineData("examples/playa-sin-texto.json", "\"reply\": \"¡Qué", "\"reply\": \"¿Qué? ¡Qué", "asks more than one question in \"reply\"; leave one.")]
    [InlineData("examples/textos-y-dos-fotos.json", "\"photo\": \"P2\", \"event\": \"E1\"", "\"photo\": \"P2\", \"event\": \"E7\"", "calls add_memory with E7, which is no event of the turn")]
    [InlineData("examples/respuesta-a-la-pregunta.json", "\"memory\": \"M2\"", "\"memory\": \"M9\"", "updates a memory that the pending question does not name")]
    [InlineData("examples/contesta-a-una-foto.json", "\"memory\": \"M3\"", "\"memory\": \"M4\"", "updates a memory that the pending question does not name")]
    [InlineData("examples/corrige-un-recuerdo.json", "\"memory\": \"M4\", \"text\"", "\"memory\": \"M5\", \"text\"", "updates a memory that the pending question does not name")]
    [InlineData("examples/corrige-un-recuerdo.json", "\"mode\": \"replace\"", "\"mode\": \"overwrite\"", "gives update_memory mode \"overwrite\", which does not fit its schema.")]
    [InlineData("examples/corrige-un-recuerdo.json", "\"query\": \"tarta queso\"", "", "calls search_memories without query, which it needs.")]
    [InlineData("examples/recordar.json", "\"limit\": 10", "\"limit\": \"ten\"", "gives list_memories limit \"ten\", which does not fit its schema.")]
    [InlineData("core/instructions.xml", "create_event", "make_event", "core/instructions.xml: speaks of make_event, which is neither a tool nor a part of the turn; correct the name.")]
    [InlineData("core/instructions.xml", "No borras nada", "No puedes modificar un recuerdo", "core/instructions.xml: says \"No puedes modificar\", but there is update_memory; leave that out.")]
    [InlineData("core/instructions.xml", "No borras nada", "You cannot edit memories", "says \"cannot edit\", but there is update_memory; leave that out.")]
    [InlineData("manifest.json", "\"photos/description.xml\"", "", "manifest.json: lists no \"photos\" file; list photos/description.xml.")]
    [InlineData("photos/description.xml", "</task>", "", "photos/description.xml: is not well-formed XML in line")]
    [InlineData("photos/description.xml", "visible_text", "readable", "photos/description.xml: does not say what goes into \"visible_text\"; the answer must have it.")]
    public void A_fault_is_one_line_that_names_the_file_and_the_fix(string file, string found, string changed, string message)
    {
        Change(file, text => text.Replace(found, changed, StringComparison.Ordinal));

        var fault = Assert.Throws<PromptPackException>(() => new ServiceCollection().AddPromptPack(_folder.FullName));

        Assert.StartsWith("Prompt pack: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void At_least_four_examples_are_bursts_with_photos_and_all_core_rules_of_a_burst_are_shown()
    {
        var examples = Directory.EnumerateFiles(Path.Combine(PromptPack.DefaultFolder, "examples"))
            .Select(file => new PackFiles(Path.GetDirectoryName(file)!).Json(Path.GetFileName(file), PackJson.Default.PackExample)).ToList();
        var listed = new PackFiles(PromptPack.DefaultFolder).Json("manifest.json", PackJson.Default.PackManifest).Examples!;

        Assert.Equal(listed.Count, examples.Count);
        Assert.InRange(examples.Count(example => example.Turn.GetProperty("is_batch").GetBoolean() && example.Turn.GetProperty("batch_photos").GetArrayLength() > 1), 4, 20);
        Assert.All(ToolDeclarations.All.Select(tool => tool.Name).Except([ToolDeclarations.ListEvents, ToolDeclarations.ShareEvent]), tool => Assert.Contains(examples, example => example.Calls!.Any(call => call.Tool == tool)));
    }

    [Fact]
    public void A_file_that_is_not_utf8_is_named()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "examples", "playa-sin-texto.json"), [0x7B, 0xE9, 0x7D]);

        var fault = Assert.Throws<PromptPackException>(() => PromptPack.Load(_folder.FullName));

        Assert.Equal("Prompt pack: examples/playa-sin-texto.json: is not UTF-8 text; save it as UTF-8.", fault.Message);
    }

    private void Change(string file, Func<string, string> change)
    {
        var path = Path.Combine(_folder.FullName, file);
        var text = File.ReadAllText(path);
        var changed = change(text);
        Assert.NotEqual(text, changed);
        File.WriteAllText(path, changed);
    }
}
