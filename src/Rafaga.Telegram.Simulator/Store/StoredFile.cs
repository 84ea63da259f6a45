namespace Rafaga.Telegram.Simulator.Store;

/// <summary>One file of the Bot API: several may share a content.</summary>
internal sealed record StoredFile(string FileId, string FileUniqueId, string Path, string MediaType, string Hash, long Size);
