using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Deployment.Tests;

/// <summary>What <c>infra/compose</c> says fits together, and fits the programs.</summary>
public sealed partial class ComposeTests
{
    private const string SecretFolder = "/run/secrets/";

    private static IEnumerable<ComposeService> Own => ComposeFile.Services.Where(service => service.IsSilo || service.IsAgent);

    [Fact]
    public void There_are_a_cloud_of_two_silos_and_two_sites_with_two_devices_each()
    {
        var silos = ComposeFile.Services.Where(service => service.IsSilo).Select(service => Options(service).Name.Value);
        Assert.Equal(["cloud", "cloud", "harbour", "quarry"], silos.Order(StringComparer.Ordinal));
        Assert.Equal(["harbour", "harbour", "quarry", "quarry"], ComposeFile.Services.Where(service => service.IsAgent).Select(service => Agent(service).Site[0].Host).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Silo_tells_others_the_address_that_it_has() => Assert.All(ComposeFile.Services.Where(service => service.IsSilo), service =>
    {
        var options = Options(service);
        var network = Assert.Single(service.Networks, network => network.Value == options.Address.ToString()).Key;
        var subnet = IPNetwork.Parse((string)ComposeService.Map(((IEnumerable<object>)ComposeService.Map(ComposeService.Map(ComposeFile.Section("networks")[network])["ipam"])["config"]!).Single())["subnet"]!);
        Assert.True(subnet.Contains(options.Address), $"{options.Address} is not in {subnet}.");
        Assert.All(service.PublishedPorts, port => Assert.Equal(options.Url.Port, port));
    });

    [Fact]
    public void Silos_of_one_site_share_cluster_store_and_certificates()
    {
        var cloud = ComposeFile.Services.Where(service => service.IsSilo && Options(service).Name.Value == "cloud").ToList();
        Assert.All(cloud, service => Assert.True(Options(service) is { Cluster: not null, Store.IsShared: true }));
        Assert.Single(cloud.Select(service => service.Volumes["/certificates"]).Distinct());
        Assert.Equal(cloud.Count, cloud.Select(service => service.Volumes["/var/lib/orleansedge"]).Distinct().Count());
    }

    [Fact]
    public void Address_of_another_service_leads_to_one_on_a_common_network_and_to_its_port() => Assert.All(Own, service =>
    {
        foreach (var address in AddressesOf(service))
        {
            var others = ComposeFile.Services.Where(other => service.Networks.Keys.Any(network => other.NamesOn(network).Contains(address.Host))).ToList();
            Assert.True(others.Count > 0, $"{service.Name} is to reach {address}, and no service of that name is on its networks.");
            Assert.All(others, other => Assert.Equal(PortOf(other, address.Scheme), address.Port));
        }
    });

    [Fact]
    public void Device_reaches_its_site_and_no_other_tier() => Assert.All(ComposeFile.Services.Where(service => service.IsAgent), agent =>
    {
        var network = Assert.Single(agent.Networks).Key;
        Assert.Equal(Agent(agent).Site[0].Host, Assert.Single(ComposeFile.Services, service => service.IsSilo && service.Networks.ContainsKey(network)).Name);
    });

    [Fact]
    public void What_a_program_writes_is_on_a_volume() => Assert.All(Own, service =>
    {
        Assert.Null(service.Volumes["/tmp"]);
        Assert.All(Written(service), path => Assert.Contains(service.Volumes, volume => volume.Value is not null && path.StartsWith(volume.Key, StringComparison.Ordinal)));
    });

    [Fact]
    public void Volumes_networks_and_secrets_are_declared_and_used()
    {
        var services = ComposeFile.Services;
        Assert.Equal(Names("volumes"), services.SelectMany(service => service.Volumes.Values).OfType<string>().Where(name => name[0] != '.').Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Names("networks"), services.SelectMany(service => service.Networks.Keys).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Names("secrets"), services.SelectMany(service => service.Secrets).Distinct().Order(StringComparer.Ordinal));

        static IEnumerable<string> Names(string section) => ComposeFile.Section(section).Keys.Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Variables_are_ones_that_the_programs_read() => Assert.All(Own, service =>
        Assert.All(service.Environment.Keys, name => Programs.RequireVariable(name, service.Name)));

    [Fact]
    public void Secrets_are_in_files_that_are_not_in_version_control()
    {
        Assert.Contains("/infra/compose/secrets/", Repository.Read(".gitignore"), StringComparison.Ordinal);
        var script = Repository.Read("infra/compose/secrets.sh");
        Assert.All(ComposeFile.Section("secrets"), secret =>
        {
            var file = (string)ComposeService.Map(secret.Value)["file"]!;
            Assert.Equal($"secrets/{secret.Key}", file);
            Assert.True(script.Contains(file, StringComparison.Ordinal) || secret.Key.EndsWith("-invite", StringComparison.Ordinal), $"secrets.sh does not make {file}.");
        });
        Assert.All(ComposeFile.Services, service => Assert.All(
            Secret().Matches(string.Join(' ', service.Environment.Values.Concat(service.Command))), match => Assert.Contains(match.Groups["name"].Value, service.Secrets)));
        Assert.DoesNotContain("AccountKey=", Repository.Read("infra/compose/compose.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Container_is_confined() => Assert.All(ComposeFile.Services.Where(service => service.Name != "jaeger"), service =>
    {
        Assert.Equal("true", service.Values["read_only"]);
        Assert.Equal(["ALL"], service.List("cap_drop"));
        Assert.Equal(["no-new-privileges"], service.List("security_opt"));
        Assert.True(service.Values.ContainsKey("mem_limit") && service.Values.ContainsKey("pids_limit"));
    });

    [Fact]
    public void Image_that_is_built_has_its_file() => Assert.All(ComposeFile.Services.Where(service => service.Values.ContainsKey("build")), service =>
    {
        var build = ComposeService.Map(service.Values["build"]);
        Assert.Equal(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, ComposeFile.Folder, (string)build["context"]!)));
        var file = (string)build["dockerfile"]!;
        Assert.Equal($"infra/containers/{service.Image.Split('/')[1]}.Dockerfile", file);
        Assert.True(Repository.Has(file), file);
    });

    [Fact]
    public async Task Docker_itself_understands_it()
    {
        var (code, output) = await Run("docker", "compose", "-f", "compose.yaml", "config", "--quiet");
        if (code is null || output.Contains("unknown command", StringComparison.Ordinal) || output.Contains("unknown shorthand flag", StringComparison.Ordinal))
        {
            Assert.Skip("There is no 'docker compose' on this machine.");
        }

        // The files of secrets are made by hand, and without them it says so; all else is wrong.
        Assert.True(code == 0 || output.Contains("azurite.env", StringComparison.Ordinal), output);
    }

    private static SiteOptions Options(ComposeService service) => Programs.Site(service.Command, service.Environment.GetValueOrDefault("ORLEANSEDGE_CERTIFICATES"));

    private static (IReadOnlyList<Uri> Site, string Device, string? Folder) Agent(ComposeService service) => Programs.Agent(service.Command);

    private static IEnumerable<Uri> AddressesOf(ComposeService service) => service.Command.Concat(service.Environment.Values)
        .Where(word => word.Contains("://", StringComparison.Ordinal) && !word.Contains("0.0.0.0", StringComparison.Ordinal)).Select(word => new Uri(word));

    private static int PortOf(ComposeService service, string scheme) => service.Name switch
    {
        "redis" => 6379,
        "jaeger" => 4317,
        _ => scheme == "https" ? Options(service).Url.Port : 0,
    };

    private static IEnumerable<string> Written(ComposeService service) => service.IsAgent
        ? [Agent(service).Folder!]
        : [service.Environment["ORLEANSEDGE_CERTIFICATES"], .. Options(service).Store is Silo.Hosting.Storage.StoreFolder store ? [store.Path] : Array.Empty<string>()];

    private static async Task<(int? Code, string Output)> Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Path.Combine(Repository.Root, ComposeFile.Folder),
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
            return (null, "");
        }
    }

    [GeneratedRegex(SecretFolder + "(?<name>[a-z-]+)")]
    private static partial Regex Secret();
}
