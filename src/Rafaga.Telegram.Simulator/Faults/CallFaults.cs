using Microsoft.AspNetCore.Http;
using Rafaga.Telegram.Simulator.BotApi;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.Faults;

/// <summary>Stands before the methods and lets the faults of calls happen.</summary>
internal sealed class CallFaults(FaultScript script, UpdateQueue updates, SimulatorStore store, SimulatorClock clock)
{
    private const string GatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

    public async Task<IResult> PassAsync(string method, long? chatId, HttpContext context, Func<Task<IResult>> call, CancellationToken cancellationToken)
    {
        var fault = script.OfCall(method, chatId);
        return fault is null ? await call() : await FailAsync(fault, context, call, cancellationToken);
    }

    /// <summary>The same for a file: it can also have expired, or end too early.</summary>
    public async Task<IResult> PassDownloadAsync(string path, HttpContext context, Func<byte[]> read, CancellationToken cancellationToken)
    {
        switch (script.OfCall("download", null))
        {
            case null:
                return Bytes(read());
            case { Kind: FaultKind.FileExpired }:
                store.Run(transaction => FileTable.Unlink(transaction, path));
                return Bytes(read());
            case { Kind: FaultKind.TruncatedFile }:
                var bytes = read();
                return Bytes(bytes[..(bytes.Length / 2)]);
            case var fault:
                return await FailAsync(fault, context, () => Task.FromResult(Bytes(read())), cancellationToken);
        }
    }

    private static IResult Bytes(byte[] bytes) => Results.Bytes(bytes, "application/octet-stream");

    private async Task<IResult> FailAsync(Fault fault, HttpContext context, Func<Task<IResult>> call, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.TooManyRequests:
                throw BotApiException.TooManyRequests(fault.RetryAfter);
            case FaultKind.Error:
                throw new BotApiException(fault.Code, fault.Description);
            case FaultKind.BadGateway:
                return Results.Text(GatewayPage, "text/html", statusCode: StatusCodes.Status502BadGateway);
            case FaultKind.Conflict:
                await updates.ConflictAsync(cancellationToken);
                return Results.Empty;
            case FaultKind.Slow:
                var answer = await call();
                await WaitAsync(fault, cancellationToken);
                return answer;
            case FaultKind.Hang:
                await WaitAsync(fault, cancellationToken);
                break;
            case FaultKind.CutAfter:
                await call();
                break;
        }

        context.Abort();
        return Results.Empty;
    }

    private Task WaitAsync(Fault fault, CancellationToken cancellationToken) =>
        Task.Delay(fault.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan, clock, cancellationToken);
}
