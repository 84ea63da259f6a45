using Microsoft.AspNetCore.Http.Metadata;

namespace Rafaga.Backend.Reading;

/// <summary>A value of the query. MVC's attribute for it would bring all of MVC into memory.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class FromQueryAttribute : Attribute, IFromQueryMetadata
{
    /// <summary>Its name there; that of the property by default.</summary>
    public string? Name { get; set; }
}
