using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rafaga.FakeModels;

/// <summary>One vendor's interface: reads a request by its rules, writes an answer in its words.</summary>
public abstract class VendorApi
{
    /// <exception cref="RuleBrokenException">The vendor would refuse it.</exception>
    public abstract ModelRequest Read(IHeaderDictionary headers, byte[] body);

    public abstract JsonObject Write(ModelRequest request, ModelAnswer answer, TokenUsage usage);

    public abstract JsonObject Error(RuleBrokenException broken);

    public int OutputTokens(ModelAnswer answer) =>
        Tokens.OfText(answer.Text) + Tokens.OfText(answer.Thinking) + answer.Calls.Sum(call => Tokens.OfText(call.Name) + Tokens.OfText(call.Arguments) + 8);
}

/// <summary>A request that the real server refuses, with the words of its refusal.</summary>
public sealed class RuleBrokenException(int status, string type, string message, string? code = null) : Exception(message)
{
    public int Status => status;

    public string Type => type;

    public string? Code => code;
}
