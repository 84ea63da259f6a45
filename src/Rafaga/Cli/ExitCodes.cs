namespace Rafaga.Cli;

/// <summary>What every command ends with.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotReachable = 3;
}
