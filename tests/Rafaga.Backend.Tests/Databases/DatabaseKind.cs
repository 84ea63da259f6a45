namespace Rafaga.Backend.Tests.Databases;

/// <summary>What a suite runs on.</summary>
public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}
