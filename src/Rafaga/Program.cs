using Rafaga.Cli;

return await CommandLine.RunAsync(args);
