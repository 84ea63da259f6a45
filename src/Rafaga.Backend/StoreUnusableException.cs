namespace Rafaga.Backend;

/// <summary>The database or the folder of photos cannot be used, so the start fails. The message is one line that names the place and the fix.</summary>
public sealed class StoreUnusableException : Exception
{
    internal StoreUnusableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
