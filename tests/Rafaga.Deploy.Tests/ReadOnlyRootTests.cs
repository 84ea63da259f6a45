using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Rafaga.Stand;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Deploy.Tests;

/// <summary>What compose.yaml asks of a container, asked of a process of this machine: a root that nobody can write, no capability, the Dockerfile's user and environment.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ReadOnlyRootTests
{
    // Only /tmp and the data folder can be written. What it does there, and its end, go into files that the test reads.
    private const string Script = """
        set -eu
        mount --make-rprivate /
        mount --bind "$DATA" /mnt
        # Wherever it stands, also where only its owner may look.
        mount --bind "$ROOT" /srv
        mount -o remount,bind,ro /
        mount -t tmpfs tmpfs /tmp
        cd /mnt
        as="setpriv --reuid ${OWNER%:*} --regid ${OWNER#*:} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all"
        export RAFAGA__DATA__FOLDER=/mnt HOME=/nonexistent
        ! $as touch /work-is-closed 2>/dev/null
        $as "$PROGRAM" --port "$PORT" >/mnt/log 2>&1 &
        process=$!
        for try in $(seq 1 120); do $as "$PROGRAM" healthcheck >/dev/null 2>&1 && break; sleep 0.5; done
        $as "$PROGRAM" healthcheck
        $as "$PROGRAM" send "Mira" --photo "$PHOTO" --as ana --wait
        grep -E '^(Uid|CapEff|NoNewPrivs)' /proc/$process/status
        kill -TERM $process
        wait $process
        echo "ended with $?"
        """;

    [Fact]
    public async Task A_photo_is_remembered_without_anything_to_write_but_the_data_folder()
    {
        if (await RunAsync(new ProcessStartInfo("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])) is { Ended: not 0 } refused) Assert.Skip($"Not run: this machine does not let a process have mounts of its own. {refused.Output}");
        var image = Dockerfile.Read(Path.Combine(Repository.Root, "Dockerfile"));
        var owner = image.Argument("USER");
        using var data = new TemporaryFolder();
        File.SetUnixFileMode(data.Path, (UnixFileMode)0b111_111_111);
        var start = new ProcessStartInfo("unshare", ["-m", "bash", "-c", Script]);
        foreach (var (name, value) in image.Environment()) start.Environment[name] = value;
        start.Environment["OWNER"] = owner;
        start.Environment["DATA"] = data.Path;
        start.Environment["PORT"] = FreePort().ToString(CultureInfo.InvariantCulture);
        start.Environment["ROOT"] = Repository.Root;
        start.Environment["PHOTO"] = "/srv/samples/photos/cake.jpg";
        start.Environment["PROGRAM"] = $"/srv/artifacts/bin/Rafaga/{new DirectoryInfo(AppContext.BaseDirectory).Name}/rafaga";
        start.Environment["RAFAGA__WINDOW__QUIETSECONDS"] = "1";
        var (ended, output) = await RunAsync(start);
        Assert.True(ended == 0, $"{output}\n{(File.Exists(data.File("log")) ? await File.ReadAllTextAsync(data.File("log"), TestContext.Current.CancellationToken) : "")}");
        Assert.Contains("he guardado la foto", output, StringComparison.Ordinal);
        Assert.Matches($@"Uid:\s+{owner.Split(':')[0]}\s", output);
        Assert.Matches(@"CapEff:\s+0+\s", output);
        Assert.Matches(@"NoNewPrivs:\s+1", output);
        Assert.Contains("ended with 0", output, StringComparison.Ordinal);
        Assert.True(File.Exists(data.File("rafaga.db")));
    }

    private static async Task<(int Ended, string Output)> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var complained = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, $"{await said}\n{await complained}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
