using Microsoft.Extensions.AI;
using Rafaga.Backend.Models;
using Rafaga.FakeModels;
using Rafaga.FakeModels.Brains;
using Xunit;

namespace Rafaga.Backend.Tests.Models;

/// <summary>Each fault of a vendor, met by the vendor's own client library, is taken for what it is.</summary>
public sealed class VendorFaultTests : IAsyncLifetime
{
    private static readonly Dictionary<string, ModelFault> Meanings = new(StringComparer.Ordinal)
    {
        ["wrong key"] = ModelFault.Blocked,
        ["revoked key"] = ModelFault.Blocked,
        ["no permission"] = ModelFault.Blocked,
        ["country"] = ModelFault.Blocked,
        ["no payment"] = ModelFault.Blocked,
        ["no such model"] = ModelFault.Blocked,
        ["no such model of a small server"] = ModelFault.Blocked,
        ["own spend limit"] = ModelFault.Blocked,
        ["no credit"] = ModelFault.Blocked,
        ["no quota"] = ModelFault.Blocked,
        ["no quota with time"] = ModelFault.Blocked,
        ["enforced spend limit"] = ModelFault.Blocked,
        ["contract spend limit"] = ModelFault.Blocked,
        ["rate limit without time"] = ModelFault.Blocked,
        ["redirect"] = ModelFault.Blocked,
        ["request too large"] = ModelFault.TooLong,
        ["prompt too long"] = ModelFault.TooLong,
        ["prompt too long by code"] = ModelFault.TooLong,
        ["context too long"] = ModelFault.TooLong,
        ["context too long of a small server"] = ModelFault.TooLong,
        ["bad request"] = ModelFault.Rejected,
        ["bad picture"] = ModelFault.Rejected,
        ["teapot"] = ModelFault.Rejected,
        ["error that is no JSON"] = ModelFault.Rejected,
        ["rate limit with time"] = ModelFault.RateLimited,
        ["rate limit of no time"] = ModelFault.RateLimited,
        ["rate limit with date"] = ModelFault.RateLimited,
        ["rate limit in milliseconds"] = ModelFault.RateLimited,
        ["rising too fast"] = ModelFault.RateLimited,
        ["error of the server"] = ModelFault.Unavailable,
        ["page of a proxy"] = ModelFault.Unavailable,
        ["maintenance"] = ModelFault.Unavailable,
        ["time-out of the server"] = ModelFault.Unavailable,
        ["overloaded"] = ModelFault.Unavailable,
        ["overloaded with time"] = ModelFault.Unavailable,
        ["still loading"] = ModelFault.Unavailable,
        ["request time-out"] = ModelFault.Unavailable,
        ["conflict"] = ModelFault.Unavailable,
        ["resets the connection"] = ModelFault.Unreachable,
        ["cuts the answer"] = ModelFault.Unreachable,
        ["sends 40 MB"] = ModelFault.Unusable,
        ["empty answer"] = ModelFault.Unusable,
        ["page as answer"] = ModelFault.Unusable,
        ["half an answer"] = ModelFault.Unusable,
        ["answer of another shape"] = ModelFault.Unusable,
        ["answer without content"] = ModelFault.Unusable,
        ["error as answer"] = ModelFault.Unusable,
        ["no choices"] = ModelFault.Unusable,
    };

    private FakeModelServer _server = null!;

    public static TheoryData<string> ClaudeFaults => [.. Faults.Anthropic.Where(fault => fault != Fault.Hang).Select(fault => fault.Name)];

    public static TheoryData<string> OpenAiFaults => [.. Faults.OpenAi.Select(fault => fault.Name)];

    [Fact]
    public void There_are_more_than_forty() => Assert.InRange(Faults.Anthropic.Count + Faults.AnthropicAnswers.Count + Faults.OpenAi.Count + Faults.OpenAiAnswers.Count, 41, 200);

    [Theory]
    [MemberData(nameof(ClaudeFaults))]
    public async Task Claude_fails_with_its_true_cause(string name) =>
        await FailAsync(Faults.Anthropic.Single(fault => fault.Name == name), ClaudeChatClient.Create(Options(ModelProvider.Anthropic), TimeProvider.System));

    [Theory]
    [MemberData(nameof(OpenAiFaults))]
    public async Task A_chat_completions_server_fails_with_its_true_cause(string name) =>
        await FailAsync(Faults.OpenAi.Single(fault => fault.Name == name), new OpenAiChatClient(Options(ModelProvider.OpenAi), TimeProvider.System));

    [Theory]
    [InlineData("rate limit with time", 30.0)]
    [InlineData("rate limit of no time", 0.0)]
    [InlineData("rate limit in milliseconds", 1.5)]
    [InlineData("overloaded with time", 20.0)]
    [InlineData("maintenance", 60.0)]
    [InlineData("overloaded", null)]
    public async Task How_long_to_wait_is_read_from_the_header(string name, double? seconds)
    {
        var failure = await FailAsync(Faults.Anthropic.Single(fault => fault.Name == name), ClaudeChatClient.Create(Options(ModelProvider.Anthropic), TimeProvider.System));
        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    public async ValueTask InitializeAsync() => _server = await FakeModelServer.StartAsync(CarefulBrain.Answer, TimeProvider.System);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private ModelOptions Options(ModelProvider provider) => new() { Provider = provider, Model = provider == ModelProvider.Anthropic ? "claude-sonnet-5-5" : "local", BaseUrl = _server.Url, ApiKey = "key" };

    private async Task<ModelException> FailAsync(Fault fault, IChatClient client)
    {
        _server.Fail(fault);
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => client.GetResponseAsync("my secret diary", null, TestContext.Current.CancellationToken));
        var failure = ModelException.Of(thrown);
        Assert.Equal(Meanings[fault.Name], failure.Fault);
        Assert.DoesNotContain("diary", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        // Nothing was tried a second time behind our back.
        Assert.Empty(_server.Requests);
        return failure;
    }
}
