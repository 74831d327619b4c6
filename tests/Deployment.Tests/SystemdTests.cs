using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OrleansEdge.Deployment.Tests;

/// <summary>The units of <c>infra/systemd</c> are understood by systemd, where it is, and fit the programs.</summary>
public sealed partial class SystemdTests : IDisposable
{
    private const string SiloUnit = "orleansedge-silo.service";
    private const string AgentUnit = "orleansedge-agent@.service";

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-units-").FullName;

    public static TheoryData<string> Units => [SiloUnit, AgentUnit];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Silo_starts_with_the_command_line_of_its_unit()
    {
        var unit = UnitFile.Read(SiloUnit);
        var command = unit.Command(UnitFile.Variables("silo.env"));
        var options = Programs.Site([.. command.Skip(1)], unit.Environment["ORLEANSEDGE_CERTIFICATES"]);
        var state = $"/var/lib/{unit.One("StateDirectory")}/";
        Assert.StartsWith(state, ((Silo.Hosting.Storage.StoreFolder)options.Store).Path, StringComparison.Ordinal);
        Assert.StartsWith(state, options.Certificates!.Path, StringComparison.Ordinal);
        Assert.StartsWith(state, unit.Environment["ORLEANSEDGE_HOME"], StringComparison.Ordinal);
    }

    [Fact]
    public void Silo_of_several_starts_with_the_command_line_of_the_addition()
    {
        var addition = UnitFile.Read("shared-store.conf");
        var line = Repository.Read("infra/systemd/silo.env").Split('\n').Single(line => line.StartsWith("#SILO_OPTIONS=", StringComparison.Ordinal));
        var command = addition.Command(new Dictionary<string, string> { ["SILO_OPTIONS"] = line.Split('=', 2)[1] });
        Assert.True(Programs.Site([.. command.Skip(1)], "/certificates") is { Cluster: not null, Store.IsShared: true });
        Assert.Equal(
            addition.All("LoadCredential").Select(credential => $"%d/{credential.Split(':')[0]}").Order(StringComparer.Ordinal),
            addition.Environment.Values.Order(StringComparer.Ordinal));
        Assert.All(addition.Environment.Keys, name => Programs.RequireVariable(name, "shared-store.conf"));
    }

    [Fact]
    public void Agent_joins_with_the_command_line_of_its_unit()
    {
        var unit = UnitFile.Read(AgentUnit);
        var command = unit.Command(UnitFile.Variables("agent.env")).Select(word => word.Replace("%i", "dev7", StringComparison.Ordinal)).ToList();
        var (_, device, folder) = Programs.Agent(command[1..]);
        Assert.Equal("dev7", device);
        Assert.StartsWith($"/var/lib/{unit.One("StateDirectory")}/", folder, StringComparison.Ordinal);
        Assert.Equal($"@%d/{unit.One("LoadCredential").Split(':')[0]}", unit.Environment["ORLEANSEDGE_INVITE"]);
    }

    [Fact]
    public void Files_of_the_environment_are_those_that_the_units_name_and_set_what_is_read()
    {
        Assert.Equal("/etc/orleansedge/silo.env", UnitFile.Read(SiloUnit).One("EnvironmentFile"));
        Assert.Equal("/etc/orleansedge/agent-%i.env", UnitFile.Read(AgentUnit).One("EnvironmentFile"));
        string[] own = ["SILO_OPTIONS", "AGENT_OPTIONS"];
        var names = new[] { "silo.env", "agent.env" }.SelectMany(file => Assignment().Matches(Repository.Read($"infra/systemd/{file}"))).Select(match => match.Groups["name"].Value);
        Assert.All(names.Except(own), name => Programs.RequireVariable(name, "infra/systemd"));
        Assert.All(new[] { SiloUnit, AgentUnit }, file => Assert.All(UnitFile.Read(file).Environment.Keys, name => Programs.RequireVariable(name, file)));
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Unit_is_confined_and_starts_again_for_ever(string file)
    {
        var unit = UnitFile.Read(file);
        Assert.All(
            new[] { "NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelModules", "ProtectKernelTunables", "ProtectControlGroups", "RestrictNamespaces", "LockPersonality" },
            name => Assert.Equal("yes", unit.One(name)));
        Assert.Equal("strict", unit.One("ProtectSystem"));
        Assert.Equal("0077", unit.One("UMask"));
        Assert.Equal("@system-service", unit.One("SystemCallFilter"));
        Assert.Empty(unit.All("CapabilityBoundingSet"));
        Assert.True(unit.Sets("CapabilityBoundingSet") && unit.Sets("MemoryMax") && unit.Sets("TasksMax"));
        Assert.Equal("always", unit.One("Restart"));
        Assert.Equal("0", unit.One("StartLimitIntervalSec"));
        Assert.Contains($"u {unit.One("User")} ", CollapseSpaces().Replace(Repository.Read("infra/systemd/orleansedge.sysusers.conf"), " "), StringComparison.Ordinal);

        // .NET compiles as it runs, and would not start.
        Assert.False(unit.Sets("MemoryDenyWriteExecute"));
    }

    [Theory]
    [MemberData(nameof(Units))]
    public async Task Systemd_itself_understands_the_unit(string file)
    {
        // Only that the program is not where it will be would be wrong; any other program does for this.
        var text = Program().Replace(Repository.Read($"infra/systemd/{file}"), "ExecStart=/bin/true");
        var copy = Path.Combine(_folder, file.Replace("@", "@dev7", StringComparison.Ordinal));
        await File.WriteAllTextAsync(copy, text, TestContext.Current.CancellationToken);

        var (code, output) = await Verify(copy);

        Assert.True(code == 0 && output.Length == 0, output);
    }

    private static async Task<(int Code, string Output)> Verify(string unit)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", unit])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output + await error);
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no systemd-analyze on this machine: apt-get install systemd.");
            throw;
        }
    }

    [GeneratedRegex("^#?(?<name>[A-Z_]+)=", RegexOptions.Multiline)]
    private static partial Regex Assignment();

    [GeneratedRegex("ExecStart=/opt/[^ ]+")]
    private static partial Regex Program();

    [GeneratedRegex(" +")]
    private static partial Regex CollapseSpaces();
}
