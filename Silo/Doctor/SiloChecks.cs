using OrleansEdge.Participation.Doctor;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Storage;

namespace OrleansEdge.Silo.Doctor;

/// <summary>All that is looked at for a silo with given options.</summary>
internal static class SiloChecks
{
    /// <summary>A silo before it has anything to do.</summary>
    private const long BareMemory = 256L << 20;

    private const long StoreSpace = 10L << 30;
    private const long TemporarySpace = 4L << 30;

    /// <summary>The checks, in the order in which to mend what they find.</summary>
    /// <param name="options">The silo's options.</param>
    /// <param name="parents">The addresses of the site above this one; none for the topmost.</param>
    /// <param name="parameters">Of the largest model.</param>
    /// <param name="configuration">Where the store's connection string may be.</param>
    /// <param name="machine">This machine.</param>
    public static IEnumerable<IDoctorCheck> For(SiteOptions options, IReadOnlyList<Uri> parents, long parameters, IConfiguration configuration, Machine machine) =>
    [
        new RuntimeCheck("Silo", typeof(SiloChecks).Assembly.GetName().Version!),
        new MemoryCheck(BareMemory + MemoryOf(parameters), $"a silo and a model of {parameters:N0} parameters", machine),
        options.Certificates is { } folder ? new CertificatesCheck(folder, options.Name, machine.Time) : new ClearCheck(options.IsInsecure),
        .. Ports(options),
        .. Store(options.Store, configuration, machine),
        new FolderCheck("temporary folder", Path.GetTempPath(), TemporarySpace, "name another one in the environment variable TMPDIR", machine),
        .. Cluster(options, machine),
        .. Parents(parents, machine),
        new ProxyCheck([options.Url, .. parents], machine),
    ];

    /// <summary>The version that is read, the one that is made, and what is staged of updates beside the bounded part.</summary>
    private static long MemoryOf(long parameters) => 3 * sizeof(float) * parameters;

    private static IEnumerable<IDoctorCheck> Ports(SiteOptions options) =>
    [
        new PortCheck(options.Listen, options.Url.Port, "--urls", PortOwner.Find),
        new PortCheck(options.Listen, options.SiloPort, "--silo-port", PortOwner.Find),
        new PortCheck(options.Listen, options.GatewayPort, "--gateway-port", PortOwner.Find),
    ];

    private static IEnumerable<IDoctorCheck> Store(StoreLocation location, IConfiguration configuration, Machine machine)
    {
        if (location is StoreFolder folder)
        {
            return [new FolderCheck("store", folder.Path, StoreSpace, "give another folder with --store", machine)];
        }

        return [location is AzureAccount account ? new ServerCheck(Server.Of("store", account.Account, "--store"), machine) : new StoreConnectionCheck(configuration, machine)];
    }

    private static IEnumerable<IDoctorCheck> Cluster(SiteOptions options, Machine machine) => options.Cluster is not { } redis ? [] :
    [
        new ServerCheck(new("redis", redis.Host, redis.Port, "--cluster"), machine),
        new RedisCheck(redis, options.ClusterPassword, machine.Time),
    ];

    private static IEnumerable<IDoctorCheck> Parents(IReadOnlyList<Uri> parents, Machine machine)
    {
        foreach (var parent in parents)
        {
            yield return new ServerCheck(Server.Of("parent", parent, "--parent"), machine);
        }

        if (parents.Count > 0)
        {
            yield return new ClockCheck("parent", parents, machine);
        }
    }
}
