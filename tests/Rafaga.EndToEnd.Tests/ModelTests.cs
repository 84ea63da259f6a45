using System.Globalization;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>One variable turns the offline model into Claude; another leads it, here, to a fake of Claude's server.</summary>
public sealed class ModelTests
{
    private const string Key = "canary-of-a-key";

    [Fact]
    public async Task The_worked_example_runs_on_claude_and_shows_its_run_its_tokens_and_its_cost()
    {
        await using var models = await FakeModelsProcess.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(("ANTHROPIC_API_KEY", Key), ("RAFAGA__AGENT__BASEURL", models.Url.ToString()));
        Assert.Contains("model claude-sonnet-5-5.", rafaga.Output, StringComparison.Ordinal);
        Assert.Contains("set TELEGRAM_BOT_TOKEN", rafaga.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ANTHROPIC_API_KEY", rafaga.Output, StringComparison.Ordinal);

        var sent = await rafaga.CommandAsync(["send", "Hola", "Mira estas fotos", .. SamplePhotos.Arguments(3), "--as", "ana", "--wait"]);
        Assert.Equal("Guardé 3 fotos. ¿Qué me cuentas de ellas?", (string?)Assert.Single(sent["replies"]!.AsArray())!["text"]);
        var id = (string)Assert.Single(sent["batches"]!.AsArray())!["id"]!;

        var runs = (await rafaga.CommandAsync("batches", "show", id))["runs"]!.AsArray();
        var run = Assert.Single(runs, run => (string?)run!["purpose"] == "agent")!;
        Assert.Equal(2, (int)run["rounds"]!);
        // Three descriptions by the small model, two answers by the agent: all of it is on the bill.
        var ledger = await models.LedgerAsync();
        Assert.Equal((int)ledger["calls"]!, runs.Sum(run => (int)run!["rounds"]!));
        Assert.Equal((int)ledger["input_tokens"]!, runs.Sum(run => (int)run!["input_tokens"]!));
        Assert.Equal((decimal)ledger["usd"]!, runs.Sum(run => (decimal)run!["cost_usd"]!));

        var (exitCode, shown, _) = await rafaga.CommandTextAsync("batches", "show", id);
        Assert.Equal(0, exitCode);
        Assert.Contains("claude-sonnet-5-5 (anthropic)", shown, StringComparison.Ordinal);
        Assert.Contains(((decimal)run["cost_usd"]!).ToString("0.000000", CultureInfo.InvariantCulture), shown, StringComparison.Ordinal);
        Assert.Equal(3, shown.Split('\n').Count(line => line.Contains("add_memory", StringComparison.Ordinal)));
        Assert.DoesNotContain(Key, rafaga.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_worked_example_runs_on_any_server_that_speaks_chat_completions()
    {
        await using var models = await FakeModelsProcess.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(
            ("RAFAGA__AGENT__PROVIDER", "openai"), ("RAFAGA__AGENT__BASEURL", models.Url.ToString()), ("RAFAGA__AGENT__MODEL", "llama"),
            // A key that the fake refuses: it is Claude's, and must go to nobody else.
            ("ANTHROPIC_API_KEY", "wrong-for-others"));
        var sent = await rafaga.CommandAsync(["send", "Hello", .. SamplePhotos.Arguments(2), "--as", "luis", "--wait"]);
        Assert.Equal("I saved 2 photos. What can you tell me about them?", (string?)Assert.Single(sent["replies"]!.AsArray())!["text"]);
    }

    [Fact]
    public async Task Doctor_says_which_models_answer()
    {
        await using var models = await FakeModelsProcess.StartAsync();
        var (exitCode, output, error) = await DoctorAsync(("ANTHROPIC_API_KEY", Key), ("RAFAGA__AGENT__BASEURL", models.Url.ToString()));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("agent: claude-sonnet-5-5 answers", output, StringComparison.Ordinal);
        Assert.Contains("photos: claude-haiku-5-5 answers", output, StringComparison.Ordinal);
        Assert.Equal(2, (int)(await models.LedgerAsync())["calls"]!);
    }

    [Fact]
    public async Task Doctor_names_the_fix_for_a_wrong_key()
    {
        await using var models = await FakeModelsProcess.StartAsync();
        var (exitCode, _, error) = await DoctorAsync(("ANTHROPIC_API_KEY", "wrong-" + Key), ("RAFAGA__AGENT__BASEURL", models.Url.ToString()));
        Assert.Equal(1, exitCode);
        Assert.All(error.TrimEnd().Split('\n'), line => Assert.Contains("Check the key (ANTHROPIC_API_KEY", line, StringComparison.Ordinal));
        Assert.DoesNotContain(Key, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_has_nothing_to_check_without_a_model()
    {
        var (exitCode, output, _) = await DoctorAsync();
        Assert.Equal(0, exitCode);
        Assert.Contains("offline", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_may_lie_in_a_file()
    {
        await using var models = await FakeModelsProcess.StartAsync();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Key + "\n", TestContext.Current.CancellationToken);
            var (exitCode, _, error) = await DoctorAsync(("ANTHROPIC_API_KEY_FILE", file), ("RAFAGA__AGENT__BASEURL", models.Url.ToString()));
            Assert.Equal((0, ""), (exitCode, error));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> DoctorAsync(params (string Name, string Value)[] environment)
    {
        var settings = environment.Append(("RAFAGA__UI__LANGUAGE", "en")).ToDictionary(e => e.Item1, e => e.Item2, StringComparer.Ordinal);
        return await RafagaProcess.RunAsync(settings, Path.GetTempPath(), "doctor");
    }
}
