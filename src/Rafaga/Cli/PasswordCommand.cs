using System.CommandLine;
using Rafaga.Dashboard.Access;
using Rafaga.Resources;

namespace Rafaga.Cli;

/// <summary><c>rafaga password</c>: makes the hash of a password, so that the settings need not hold it.</summary>
internal sealed class PasswordCommand(Texts texts)
{
    public Command Build()
    {
        var command = new Command("password", texts["HelpPassword"]);
        // Never as an argument: the shell would remember it, and others would see it.
        command.SetAction(_ =>
        {
            if (!Console.IsInputRedirected) Console.Error.Write(texts["AskPassword"] + " ");
            if (Console.ReadLine() is not { Length: > 0 } password) throw new UsageException(texts["NoPassword"]);
            Console.WriteLine(PasswordHash.Of(password));
            return ExitCodes.Ok;
        });
        return command;
    }
}
