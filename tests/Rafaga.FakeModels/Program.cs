using System.Globalization;
using Rafaga.FakeModels;
using Rafaga.FakeModels.Brains;

// The fake as a process of its own: point RAFAGA__AGENT__BASEURL at the address that it prints. Argument: the port, 0 for any.
var port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0;
await using var server = await FakeModelServer.StartAsync(CarefulBrain.Answer, TimeProvider.System, port);
Console.WriteLine(server.Url);
await server.WaitForShutdownAsync();
