using System.Runtime.InteropServices;
using Rafaga.Stand;

// scripts/up-local.sh: everything of compose.yaml as processes of this machine, until Ctrl+C.
Console.WriteLine("Bringing up what compose.yaml describes, as processes on 127.0.0.1 …");
var stand = await LocalStand.StartAsync(say: line => Console.WriteLine($"  {line}"));
await using (stand)
{
    Console.WriteLine($"""

          Pages     {stand.Url("dashboard")}   password {LocalStand.PagesPassword}
          Write     rafaga send "Hola" --as ana --url {stand.Simulator}
          Redis     redis-cli -p {stand.Port("redis")} --scan --pattern 'batch:*'

        Ctrl+C stops everything and removes its data.
        """);
    var stop = new TaskCompletionSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    await stop.Task;
    Console.WriteLine("Stopping …");

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.TrySetResult();
    }
}
