using System.Net;
using System.Net.Http.Json;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Rafaga.FakeModels;
using Xunit;

namespace Rafaga.Backend.Tests.Models;

/// <summary>What a batch gets when its model fails: waiting as told, parking, a dead letter, or an honest reply by code.</summary>
public sealed class OutcomeTests
{
    [Theory]
    [InlineData("rate limit with time", 503, "model_busy", 30)]
    [InlineData("rising too fast", 503, "model_busy", 10)]
    [InlineData("overloaded with time", 503, "model_unavailable", 20)]
    [InlineData("maintenance", 503, "model_unavailable", 60)]
    [InlineData("wrong key", 503, "model_blocked", 300)]
    [InlineData("no payment", 503, "model_blocked", 300)]
    [InlineData("no such model", 503, "model_blocked", 300)]
    [InlineData("own spend limit", 503, "model_blocked", 300)]
    [InlineData("rate limit without time", 503, "model_blocked", 300)]
    [InlineData("enforced spend limit", 503, "model_blocked", 300)]
    [InlineData("bad request", 422, "model_rejected", null)]
    [InlineData("bad picture", 422, "model_rejected", null)]
    public async Task A_failure_has_its_own_answer_and_no_effect(string name, int status, string type, int? wait)
    {
        await using var fake = await FakeVendor.StartAsync();
        fake.Server.Fail(Faults.Anthropic.Single(fault => fault.Name == name));
        var request = Chat.Ana().Text("canary").Photo("photo1").Seal("b-1") with { SealedAt = fake.Host.Time.GetUtcNow() };
        using var response = await fake.Host.PostAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        var problem = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.BatchProblem, TestContext.Current.CancellationToken))!;
        Assert.Equal(type, problem.Type);
        Assert.DoesNotContain('\n', problem.Error);
        Assert.Equal(wait, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Empty(await fake.Host.MemoriesAsync());
        Assert.DoesNotContain("canary", fake.Host.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("test-key", fake.Host.Log.ToString(), StringComparison.Ordinal);
        if (type == "model_blocked") Assert.Contains("Error: [BATCH] b-1 is parked", fake.Host.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_has_waited_for_a_day_waits_no_longer_and_its_attempts_count()
    {
        await using var fake = await FakeVendor.StartAsync();
        fake.Server.Fail(Faults.Anthropic.Single(fault => fault.Name == "no payment"));
        using var response = await fake.Host.PostAsync(Chat.Ana().Text("hola").Seal() with { SealedAt = fake.Host.Time.GetUtcNow().AddHours(-24.1) });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("error of the server")]
    [InlineData("overloaded")]
    [InlineData("resets the connection")]
    [InlineData("cuts the answer")]
    [InlineData("half an answer")]
    [InlineData("rate limit in milliseconds")]
    public async Task What_passes_at_once_costs_a_second_try_and_nothing_else(string name)
    {
        await using var fake = await FakeVendor.StartAsync();
        fake.Server.Fail(Faults.Anthropic.Single(fault => fault.Name == name));
        var reply = await fake.Host.ReplyAsync(Chat.Ana().Photo("photo1").Photo("photo2").Seal());
        Assert.Equal("Guardé 2 fotos. ¿Qué me cuentas de ellas?", reply.Text);
        Assert.Equal(2, reply.Stats!.ModelCalls);
    }

    [Theory]
    [InlineData("refusal", "A eso no puedo contestar. Guardé 1 foto.", "refusal")]
    [InlineData("max_tokens", "Guardé tres…\n\nPara ser exacto: se guardó 1 foto.", "cut_off")]
    [InlineData("max_tokens in a call", "Guardé 1 foto.", "cut_off")]
    [InlineData("max_tokens while thinking", "Guardé 1 foto.", "cut_off")]
    [InlineData("context full", "Guardé 1 foto.", "too_long")]
    [InlineData("prompt too long", "Guardé 1 foto.", "too_long")]
    [InlineData("request too large", "Guardé 1 foto.", "too_long")]
    [InlineData("nothing", "Guardé 1 foto.", null)]
    [InlineData("blank", "Guardé 1 foto.", null)]
    public async Task An_answer_that_is_no_end_is_ended_by_code_with_the_photo_saved_and_an_honest_reply(string name, string expected, string? stop)
    {
        await using var fake = await FakeVendor.StartAsync();
        var fault = Faults.AnthropicAnswers.Concat(Faults.Anthropic).Single(fault => fault.Name == name);
        fake.Server.Fail(fault, fault);
        var reply = await fake.Host.ReplyAsync(Chat.Ana().Photo("photo1").Seal("b-1"));

        Assert.Equal(expected, reply.Text);
        Assert.Single(await fake.Host.MemoriesAsync());
        var run = Assert.Single((await fake.Host.GetAsync("/api/runs?batch=b-1")).GetProperty("runs").EnumerateArray());
        Assert.Equal(stop, run.GetProperty("stopped_by").GetString());
    }

    [Theory]
    [InlineData("calls with the wrong reason")]
    [InlineData("max_tokens")]
    [InlineData("max_tokens in a call")]
    public async Task An_answer_that_goes_on_goes_on(string name)
    {
        await using var fake = await FakeVendor.StartAsync();
        fake.Server.Fail(Faults.AnthropicAnswers.Single(fault => fault.Name == name));
        var reply = await fake.Host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());
        Assert.Equal(1, reply.Stats!.MemoriesAdded);
        Assert.Contains("1 foto", reply.Text, StringComparison.Ordinal);
        if (name.StartsWith("max_tokens", StringComparison.Ordinal)) Assert.Equal(16_384, fake.Server.Requests[0].MaxTokens);
    }

    [Theory]
    [InlineData("a kind of block that is unknown", "Hola.")]
    [InlineData("a reason that is unknown", "Hola.")]
    [InlineData("pause", "un momento")]
    public async Task What_a_later_version_may_say_is_taken_as_far_as_it_is_understood(string name, string expected)
    {
        await using var fake = await FakeVendor.StartAsync();
        fake.Server.Fail(Faults.AnthropicAnswers.Single(fault => fault.Name == name));
        Assert.Equal(expected, (await fake.Host.ReplyAsync(Chat.Ana().Text("hola").Seal())).Text);
    }

    [Theory]
    [InlineData("filter", "A eso no puedo contestar. Guardé 1 foto.")]
    [InlineData("refusal", "A eso no puedo contestar. Guardé 1 foto.")]
    [InlineData("length", "Guardé tres…\n\nPara ser exacto: se guardó 1 foto.")]
    [InlineData("no usage", "Hola.\n\nPara ser exacto: se guardó 1 foto.")]
    public async Task Odd_answers_of_chat_completions_end_well_too(string name, string expected)
    {
        await using var fake = await FakeVendor.StartAsync(FakeVendor.Local);
        var fault = Faults.OpenAiAnswers.Single(fault => fault.Name == name);
        fake.Server.Fail(fault, fault);
        Assert.Equal(expected, (await fake.Host.ReplyAsync(Chat.Ana().Photo("photo1").Seal())).Text);
    }

    [Theory]
    [InlineData("call without id", 2)]
    [InlineData("calls of one id", 2)]
    [InlineData("arguments that are no JSON", 1)]
    [InlineData("arguments that are a list", 1)]
    public async Task Odd_calls_of_small_servers_are_answered_one_by_one(string name, int calls)
    {
        await using var fake = await FakeVendor.StartAsync(FakeVendor.Local);
        fake.Server.Fail(Faults.OpenAiAnswers.Single(fault => fault.Name == name));
        fake.Server.Brain = _ => new ModelAnswer("Listo.");
        var reply = await fake.Host.ReplyAsync(Chat.Ana().Text("hola").Seal());
        Assert.Equal("Listo.", reply.Text);
        Assert.Equal(calls, fake.Server.Requests[0].Results.Count);
        if (calls == 1) Assert.Contains("not valid JSON", fake.Server.Requests[0].Results[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_in_the_middle_has_no_effect_and_what_it_cost_is_kept()
    {
        await using var fake = await FakeVendor.StartAsync();
        var careful = fake.Server.Brain;
        fake.Server.Brain = request =>
        {
            if (request.Round == 0) fake.Server.Fail(Faults.Anthropic.Single(fault => fault.Name == "overloaded with time"));
            return careful(request);
        };
        var ana = Chat.Ana();
        var request = ana.Photo("photo1").Seal("b-1") with { SealedAt = fake.Host.Time.GetUtcNow() };
        using (var failed = await fake.Host.PostAsync(request)) Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Empty(await fake.Host.MemoriesAsync());

        var kept = Assert.Single((await fake.Host.GetAsync("/api/runs?batch=b-1")).GetProperty("runs").EnumerateArray());
        Assert.Equal("Unavailable", kept.GetProperty("failure").GetString());
        Assert.Equal(fake.Server.Ledger.Lines.Sum(line => line.Usd), kept.GetProperty("cost_usd").GetDecimal());
        Assert.Equal("add_memory", kept.GetProperty("calls")[0].GetProperty("tool").GetString());
    }
}
