namespace Rafaga.Batching;

/// <summary>The store cannot be opened, read or written; the message names it and says what to do. Nothing was half done.</summary>
public sealed class BatchStoreException(string message, Exception? inner = null) : Exception(message, inner);
