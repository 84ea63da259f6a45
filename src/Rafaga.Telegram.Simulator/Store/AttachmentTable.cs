using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.Store;

/// <summary>What a file is part of, so that it can be sent again by its id.</summary>
internal static class AttachmentTable
{
    public static void Add(Transaction transaction, string fileId, string kind, JsonNode attachment) => transaction.Execute(
        "INSERT INTO attachments VALUES ($id, $kind, $json)", ("$id", fileId), ("$kind", kind), ("$json", attachment.ToJsonString()));

    public static (string Kind, JsonNode Json)? Find(Transaction transaction, string fileId) => transaction.Query<(string, JsonNode)?>(
        "SELECT kind, json FROM attachments WHERE file_id = $id", row => (row.GetString(0), JsonNode.Parse(row.GetString(1))!), ("$id", fileId)).SingleOrDefault();
}
