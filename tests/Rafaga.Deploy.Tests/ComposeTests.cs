using System.Text.RegularExpressions;
using Rafaga.Stand;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Deploy.Tests;

/// <summary>No container engine runs here: what can be wrong in compose.yaml and the Dockerfile is read out of them.</summary>
public sealed class ComposeTests
{
    // The members of a service that the compose specification knows, as far as they are used.
    private static readonly string[] Known =
        ["image", "build", "command", "restart", "stop_grace_period", "read_only", "tmpfs", "cap_drop", "security_opt", "healthcheck", "environment", "secrets", "volumes", "depends_on", "ports", "profiles"];

    private static readonly ComposeFile Compose = ComposeFile.Read(Path.Combine(Repository.Root, "compose.yaml"));
    private static readonly Dockerfile Image = Dockerfile.Read(Path.Combine(Repository.Root, "Dockerfile"));

    public static TheoryData<string> Services => [.. Compose.Services.Select(service => service.Name)];

    [Fact]
    public void It_has_the_parts_and_profiles_that_the_documents_name()
    {
        Assert.Equal(["secrets", "services", "volumes"], Compose.Sections.Order(StringComparer.Ordinal));
        Assert.Equal(["redis", "postgres", "backend", "bot", "worker", "dashboard"], Compose.Services.Where(service => service.Profiles.Count == 0).Select(service => service.Name));
        Assert.Equal(["redis-insight"], Compose.Services.Where(service => service.Profiles.Contains("tools")).Select(service => service.Name));
        Assert.Equal(["prometheus", "grafana"], Compose.Services.Where(service => service.Profiles.Contains("observability")).Select(service => service.Name));
        Assert.Contains("127.0.0.1:8001:5540", Compose.Services.Single(service => service.Name == "redis-insight").Ports);
    }

    [Fact]
    public void RedisInsight_knows_its_server_and_leaves_its_terms_to_the_person()
    {
        var insight = Compose.Services.Single(service => service.Name == "redis-insight");
        Assert.Equal(("redis", "6379"), (insight.Environment["RI_REDIS_HOST"], insight.Environment["RI_REDIS_PORT"]));
        Assert.Contains(Compose.Services, service => service.Name == insight.Environment["RI_REDIS_HOST"]);
        Assert.DoesNotContain(insight.Environment.Keys, name => name.Contains("ACCEPT", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_is_written_as_the_specification_wants_it(string name)
    {
        var service = Compose.Services.Single(service => service.Name == name);
        Assert.All(service.Members, member => Assert.Contains(member, Known));
        Assert.Contains(':', service.IsOurs ? "rafaga:" : service.Image);
        Assert.DoesNotContain(":latest", service.Image, StringComparison.Ordinal);
        Assert.All(service.Ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.All(service.Secrets, secret => Assert.Contains(secret, Compose.Secrets));
        Assert.All(service.Volumes.Select(volume => volume.Split(':')[0]), source =>
            Assert.True(source.StartsWith("./", StringComparison.Ordinal) ? Path.Exists(Path.Combine(Repository.Root, source)) : Compose.Volumes.Contains(source), source));
        Assert.All(service.DependsOn, before =>
        {
            var other = Assert.Single(Compose.Services, other => other.Name == before.Key);
            if (before.Value == "service_healthy") Assert.NotEmpty(other.HealthCheck);
            else Assert.Equal("service_started", before.Value);
        });
        if (service.HealthCheck.Count > 0) Assert.Equal("CMD", service.HealthCheck[0]);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void No_secret_stands_in_the_file_and_each_that_is_named_is_given(string name)
    {
        var service = Compose.Services.Single(service => service.Name == name);
        Assert.All(service.Environment, variable =>
        {
            if (variable.Key.EndsWith("_FILE", StringComparison.Ordinal)) Assert.Contains(variable.Value["/run/secrets/".Length..], service.Secrets);
            else Assert.DoesNotMatch("(?i)(token|secret|password|apikey|api_key)$", variable.Key);
            Assert.DoesNotMatch("://[^/]*:[^/]*@", variable.Value);
        });
    }

    [Fact]
    public void Ours_run_with_as_little_as_they_need()
    {
        Assert.All(Compose.Services.Where(service => service.IsOurs), service =>
        {
            Assert.True(service.Is("read_only"), service.Name);
            Assert.Equal(["ALL"], service.List("cap_drop"));
            Assert.Equal(["no-new-privileges:true"], service.List("security_opt"));
            Assert.Contains(service.Volumes, volume => volume.EndsWith(":/data", StringComparison.Ordinal));
            Assert.Equal([_ = Image.EntryPoint[0], "healthcheck"], service.HealthCheck.Skip(1));
        });
    }

    [Fact]
    public void The_queue_keeps_what_it_took()
    {
        var command = Compose.Services.Single(service => service.Name == "redis").Command;
        Assert.Equal(["redis-server", "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"], command);
        Assert.Contains("redis:/data", Compose.Services.Single(service => service.Name == "redis").Volumes);
    }

    [Fact]
    public void Each_secret_is_made_by_the_script()
    {
        var script = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "new-secrets.sh"));
        Assert.All(Compose.Secrets, secret =>
        {
            Assert.Equal($"./secrets/{secret}.txt", Compose.SecretFile(secret));
            Assert.Contains($"keep {secret} ", script, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_image_is_built_in_stages_and_runs_without_a_shell_as_nobody_special()
    {
        Assert.Equal(2, Image.All.Count(line => line.Instruction == "FROM"));
        Assert.Contains("chiseled", Image.Last[0].Argument, StringComparison.Ordinal);
        Assert.DoesNotContain(Image.Last, line => line.Instruction is "RUN" or "SHELL");
        Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", Image.Argument("USER"));
        Assert.StartsWith("[", Image.Argument("ENTRYPOINT"), StringComparison.Ordinal);
        Assert.Contains($"CMD [\"{Image.EntryPoint[0]}\", \"healthcheck\"]", Image.Argument("HEALTHCHECK"), StringComparison.Ordinal);
        Assert.DoesNotContain(Image.Last, line => line.Argument.Contains("secret", StringComparison.OrdinalIgnoreCase) || line.Argument.Contains("token", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(Image.Argument("VOLUME"), Image.Environment()["RAFAGA__DATA__FOLDER"]);
    }

    [Theory]
    [InlineData("rafaga.service")]
    [InlineData("rafaga@.service")]
    public void The_units_of_systemd_are_as_closed_as_the_containers(string file)
    {
        var unit = File.ReadAllLines(Path.Combine(Repository.Root, "deploy", "systemd", file));
        Assert.All(
            ["DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "CapabilityBoundingSet=", "Restart=on-failure", "TimeoutStopSec=30", "[Install]"],
            line => Assert.Contains(line, unit));
        Assert.Contains(unit, line => line.StartsWith("LoadCredential=telegram_bot_token:", StringComparison.Ordinal));
    }

    [Fact]
    public void What_watches_it_names_measures_that_there_are()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));
        foreach (var file in new[] { "deploy/alerts.yml", "deploy/grafana/dashboards/rafaga.json" })
        {
            var text = File.ReadAllText(Path.Combine(Repository.Root, file));
            text = Regex.Replace(text, @"by \([^)]*\)", "");
            var names = Regex.Matches(text, @"\b(rafaga|messaging|gen_ai)_[a-z_]+(?=[{\[)\s])").Select(match => match.Value).Distinct().ToList();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.Contains($"`{Regex.Replace(name, "_(bucket|sum|count)$", "")}`", page, StringComparison.Ordinal));
        }

        Assert.All(Compose.Services.Where(service => service.IsOurs), service =>
            Assert.Contains($"{service.Name}:5210", File.ReadAllText(Path.Combine(Repository.Root, "deploy", "prometheus.yml")), StringComparison.Ordinal));
    }
}
