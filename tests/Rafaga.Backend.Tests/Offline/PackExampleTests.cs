using System.Text.Json.Nodes;
using Xunit;


namespace Rafaga.Backend.Tests.Offline;

/// <summary>The offline model does in the pack's examples what they teach, but for what only eyes can tell.</summary>
public sealed class PackExampleTests
{
    [Theory]
    [InlineData("restaurante-con-contexto")]
    [InlineData("playa-sin-texto")]
    [InlineData("textos-y-dos-fotos")]
    [InlineData("un-dato-por-foto")]
    [InlineData("respuesta-a-la-pregunta")]
    [InlineData("la-respuesta-nombra-el-evento")]
    [InlineData("respuesta-distinta-para-cada-foto")]
    [InlineData("contesta-a-una-foto")]
    [InlineData("in-english")]
    [InlineData("video-nota-de-voz-y-lugar")]
    [InlineData("cartel-con-ordenes")]
    public async Task It_makes_the_calls_of_the_example_and_asks_as_often(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Prompts", "examples", $"{name}.json");
        var example = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!.AsObject();

        var run = await ToolLoop.RunAsync(example["turn"]!.AsObject());

        var expected = example["calls"]!.AsArray().Select(call => $"{call!["tool"]}({string.Join(", ", call["arguments"]!.AsObject().Where(argument => argument.Key != "image_description").Select(argument => $"{argument.Key}: {argument.Value}"))})");
        Assert.Equal(expected, run.Script);
        Assert.Equal(((string)example["reply"]!).Count(c => c == '?'), run.Reply.Count(c => c == '?'));
    }
}
