// A backend of your own in one file: takes a burst as one batch, answers with one reply. Run: rafaga gateway --to http://127.0.0.1:5211
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

var secret = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("RAFAGA__BACKEND__SECRET") ?? throw new InvalidOperationException("Set RAFAGA__BACKEND__SECRET."));
var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapPost("/webhook/batch", async (HttpRequest request) =>
{
    var body = await new StreamReader(request.Body).ReadToEndAsync();
    var (id, at) = ($"{request.Headers["webhook-id"]}", $"{request.Headers["webhook-timestamp"]}");
    var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{at}.{body}")));
    var signed = $"{request.Headers["webhook-signature"]}".Split(' ').Any(s => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(s), Encoding.UTF8.GetBytes(expected)));
    if (!signed || !long.TryParse(at, out var seconds) || Math.Abs(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - seconds) > 300) return Results.Unauthorized();

    var batch = JsonNode.Parse(body)!;
    var messages = batch["messages"]!.AsArray().Select(m => m!["update"]!["message"]);
    var texts = messages.Select(m => (string?)m?["text"]).OfType<string>();
    var text = $"{batch["messages"]!.AsArray().Count} messages in one turn: {string.Join(" / ", texts)}";
    return Results.Json(new { batch_id = id, status = "done", text });
});
app.Run();
