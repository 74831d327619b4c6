using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Deployment.Tests;

/// <summary>What <c>infra/kubernetes</c> says is understood by Kubernetes' own model, field by field, and fits the programs.</summary>
public sealed partial class KubernetesTests
{
    private const string Folder = "infra/kubernetes";
    private const string Kustomization = $"{Folder}/kustomization.yaml";
    private const string PodAddress = "10.0.0.7";

    private static readonly Lazy<IReadOnlyList<object>> Read = new(() => [.. Files.SelectMany(file => KubernetesYaml.LoadAllFromString(Repository.Read(file), strict: true))]);

    private static IEnumerable<string> Files => Repository.Files.Where(file => file.StartsWith($"{Folder}/", StringComparison.Ordinal) && file.EndsWith(".yaml", StringComparison.Ordinal) && file != Kustomization);

    private static V1StatefulSet Silo => Read.Value.OfType<V1StatefulSet>().Single(set => set.Metadata.Name == "silo");

    private static V1DaemonSet Agent => Assert.Single(Read.Value.OfType<V1DaemonSet>());

    private static V1Container SiloContainer => Assert.Single(Silo.Spec.Template.Spec.Containers);

    private static V1Container AgentContainer => Assert.Single(Agent.Spec.Template.Spec.Containers);

    private static IEnumerable<(V1PodTemplateSpec Template, IEnumerable<string> Claims)> Pods =>
    [
        .. Read.Value.OfType<V1StatefulSet>().Select(set => (set.Spec.Template, set.Spec.VolumeClaimTemplates.Select(claim => claim.Metadata.Name))),
        (Agent.Spec.Template, []),
    ];

    private static SiteOptions Options => Programs.Site(
        [.. SiloContainer.Args.Select(argument => argument.Replace("$(POD_IP)", PodAddress, StringComparison.Ordinal))],
        SiloContainer.Env.Single(variable => variable.Name == "ORLEANSEDGE_CERTIFICATES").Value);

    [Fact]
    public void Every_file_is_listed_and_is_what_Kubernetes_knows()
    {
        var listed = Item().Matches(Repository.Read(Kustomization)).Select(match => $"{Folder}/{match.Groups["file"].Value}");
        Assert.Equal(Files.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.All(Read.Value, item => Assert.False(string.IsNullOrEmpty(((IMetadata<V1ObjectMeta>)item).Metadata.Name)));
    }

    [Fact]
    public void Silo_starts_with_these_arguments_and_offers_the_ports_on_which_it_listens()
    {
        Assert.Equal("orleansedge/silo", SiloContainer.Image);
        var options = Options;
        Assert.Equal(PodAddress, options.Address.ToString());
        Assert.True(options is { Cluster: not null, Store.IsShared: true });
        Assert.Equal(
            [("gateway", options.GatewayPort), ("https", options.Url.Port), ("silo", options.SiloPort)],
            SiloContainer.Ports.Select(port => (port.Name, port.ContainerPort)).Order());
        Assert.All(ServicesOf(Silo.Spec.Template), service => Assert.All(
            service.Spec.Ports, port => Assert.Contains(SiloContainer.Ports, offered => offered.Name == port.Name && offered.ContainerPort == port.Port)));
        Assert.Contains(ServicesOf(Silo.Spec.Template), service => service.Metadata.Name == Silo.Spec.ServiceName && service.Spec.ClusterIP == "None");
    }

    [Fact]
    public void Redis_is_the_one_that_the_silo_is_given()
    {
        var redis = Read.Value.OfType<V1Service>().Single(service => service.Metadata.Name == Options.Cluster!.Host);
        Assert.Contains(redis.Spec.Ports, port => port.Port == Options.Cluster!.Port);
    }

    [Fact]
    public void Probes_ask_what_the_silo_answers()
    {
        var answered = Mapped().Matches(Repository.Read("Silo/Hosting/HealthEndpoints.cs")).Select(match => match.Groups["path"].Value).ToList();
        V1Probe[] probes = [SiloContainer.StartupProbe, SiloContainer.LivenessProbe, SiloContainer.ReadinessProbe];
        Assert.All(probes, probe =>
        {
            Assert.Contains(probe.HttpGet.Path, answered);
            Assert.Equal(Options.Url.Scheme, probe.HttpGet.Scheme, ignoreCase: true);
            Assert.Equal(Options.Url.Port, SiloContainer.Ports.Single(port => port.Name == probe.HttpGet.Port.Value).ContainerPort);
        });
        Assert.EndsWith("/ready", SiloContainer.ReadinessProbe.HttpGet.Path, StringComparison.Ordinal);
        Assert.EndsWith("/live", SiloContainer.LivenessProbe.HttpGet.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Agent_joins_the_silos_of_this_site()
    {
        Assert.Equal("orleansedge/agent", AgentContainer.Image);
        var (site, device, folder) = Programs.Agent([.. AgentContainer.Args.Select(argument => argument.Replace("$(NODE_NAME)", "node-1", StringComparison.Ordinal))]);
        Assert.Equal("node-1", device);
        var service = Read.Value.OfType<V1Service>().Single(service => service.Metadata.Name == site.Single().Host);
        Assert.Contains(service.Spec.Ports, port => port.Port == site[0].Port);
        Assert.Contains(ServicesOf(Silo.Spec.Template), other => other.Metadata.Name == service.Metadata.Name);
        Assert.Contains(AgentContainer.VolumeMounts, mount => folder!.StartsWith(mount.MountPath + "/", StringComparison.Ordinal));
    }

    [Fact]
    public void Variables_are_ones_that_the_programs_read() => Assert.All(
        SiloContainer.Env.Concat(AgentContainer.Env).Where(variable => variable.Name is not ("POD_IP" or "NODE_NAME")),
        variable => Programs.RequireVariable(variable.Name, Folder));

    [Fact]
    public void Secret_is_named_in_a_comment_and_lies_in_no_file()
    {
        Assert.Empty(Read.Value.OfType<V1Secret>());
        var text = string.Concat(Files.Select(Repository.Read));
        foreach (var (template, _) in Pods)
        {
            foreach (var secret in template.Spec.Volumes.Select(volume => volume.Secret?.SecretName).OfType<string>())
            {
                Assert.Matches(new Regex($"#.*\\b{secret}'? +"), text);
            }
        }
    }

    [Fact]
    public void File_that_a_variable_names_is_on_a_secret_volume() => Assert.All(
        SiloContainer.Env.Where(variable => variable.Name.EndsWith(SecretVariable.FileSuffix, StringComparison.Ordinal)),
        variable => Assert.Contains(
            SiloContainer.VolumeMounts.Where(mount => Silo.Spec.Template.Spec.Volumes.Any(volume => volume.Name == mount.Name && volume.Secret is not null)),
            mount => variable.Value.StartsWith(mount.MountPath + "/", StringComparison.Ordinal)));

    [Fact]
    public void Volume_that_is_mounted_is_there_and_the_other_way_round() => Assert.All(Pods, pod =>
    {
        var spec = pod.Template.Spec;
        var mounted = spec.Containers.Concat(spec.InitContainers ?? []).SelectMany(container => container.VolumeMounts).Select(mount => mount.Name).Distinct();
        Assert.Equal(spec.Volumes.Select(volume => volume.Name).Concat(pod.Claims).Order(StringComparer.Ordinal), mounted.Order(StringComparer.Ordinal));
        Assert.All(spec.Containers.Where(container => container.Image.StartsWith("orleansedge/", StringComparison.Ordinal)), container => Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp"));
    });

    [Fact]
    public void Container_is_confined_and_limited() => Assert.All(Pods, pod =>
    {
        var spec = pod.Template.Spec;
        Assert.True(spec.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", spec.SecurityContext.SeccompProfile.Type);
        Assert.False(spec.AutomountServiceAccountToken);
        Assert.All(spec.Containers.Concat(spec.InitContainers ?? []), container =>
        {
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem, container.Name);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation, container.Name);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Contains("memory", container.Resources.Limits.Keys);
            Assert.Contains("cpu", container.Resources.Requests.Keys);
        });
        Assert.All(spec.Containers, container => Assert.Null(container.SecurityContext.RunAsUser));
    });

    [Fact]
    public void Disruption_budget_and_policies_select_pods_that_there_are()
    {
        var budget = Assert.Single(Read.Value.OfType<V1PodDisruptionBudget>());
        Assert.Equal(Silo.Spec.Template.Metadata.Labels["app"], budget.Spec.Selector.MatchLabels["app"]);
        Assert.True(Silo.Spec.Replicas > 1);
        var apps = Pods.Select(pod => pod.Template.Metadata.Labels["app"]).ToHashSet(StringComparer.Ordinal);
        Assert.All(
            Read.Value.OfType<V1NetworkPolicy>().Where(policy => policy.Spec.PodSelector.MatchLabels is not null),
            policy => Assert.Contains(policy.Spec.PodSelector.MatchLabels["app"], apps));
        Assert.All(Read.Value.OfType<V1StatefulSet>(), set => Assert.Equal(set.Spec.Selector.MatchLabels, set.Spec.Template.Metadata.Labels));
    }

    private static IEnumerable<V1Service> ServicesOf(V1PodTemplateSpec template) =>
        Read.Value.OfType<V1Service>().Where(service => service.Spec.Selector["app"] == template.Metadata.Labels["app"]);

    [GeneratedRegex("""^  - (?<file>\S+)$""", RegexOptions.Multiline)]
    private static partial Regex Item();

    [GeneratedRegex("""MapGet\("(?<path>[^"]+)""")]
    private static partial Regex Mapped();
}
