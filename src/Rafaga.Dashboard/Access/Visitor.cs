using System.Security.Claims;

namespace Rafaga.Dashboard.Access;

/// <summary>What somebody may do.</summary>
public enum Role
{
    /// <summary>Look.</summary>
    Reader,

    /// <summary>Look and act.</summary>
    Operator,
}

/// <summary>Who asks.</summary>
/// <param name="Role">What they may do.</param>
/// <param name="Token">What every form and every script of theirs sends along: a page of another site cannot know it.</param>
/// <param name="SignedIn">By a password, and so able to sign out.</param>
public sealed record Visitor(Role Role, string Token, bool SignedIn)
{
    /// <summary>May do more than look.</summary>
    public bool CanAct => Role == Role.Operator;

    /// <summary>For the parts of this process that only ask whether somebody is known.</summary>
    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity([new Claim(ClaimTypes.Role, Role.ToString().ToLowerInvariant())], "rafaga"));
}
