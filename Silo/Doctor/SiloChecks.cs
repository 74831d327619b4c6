using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Participation.Doctor;
using OrleansEdge.Participation.Security;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Web;

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
    /// <param name="parameters">Of the largest model.</param>
    /// <param name="configuration">Where the store's connection string may be.</param>
    /// <param name="machine">This machine.</param>
    public static IEnumerable<IDoctorCheck> For(SiteOptions options, long parameters, IConfiguration configuration, Machine machine) =>
    [
        new RuntimeCheck("Silo", typeof(SiloChecks).Assembly.GetName().Version!),
        new MemoryCheck(BareMemory + MemoryOf(parameters), $"a silo and a model of {parameters:N0} parameters", machine),
        options.Certificates is { } folder ? new CertificatesCheck(folder, options.Name, machine.Time) : new ClearCheck(options.IsInsecure),
        .. Ports(options),
        .. Store(options.Store, configuration, machine),
        new FolderCheck("temporary folder", Path.GetTempPath(), TemporarySpace, "name another one in the environment variable TMPDIR", machine),
        .. Cluster(options, machine),
        .. Parents(options, machine),
        new ProxyCheck([options.Url, .. options.Parents], machine),
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

    private static IEnumerable<IDoctorCheck> Parents(SiteOptions options, Machine machine) => options.Parents.Count == 0 ? [] :
    [
        .. options.Parents.Select(parent => new ServerCheck(Server.Of("parent", parent, "--parent"), machine)),
        new ClockCheck("parent", options.Parents, machine),
        .. Identity(options, machine),
    ];

    /// <summary>A secured parent says what it is only to a site that has enrolled there.</summary>
    private static IEnumerable<IDoctorCheck> Identity(SiteOptions options, Machine machine)
    {
        if (options.Parents[0].Scheme == Uri.UriSchemeHttp)
        {
            return [new SiteCheck(options.Parents, handler: null, machine)];
        }

        try
        {
            return options.Certificates is { } folder
                && DeviceCredentials.Open(new EnrolledSite(folder).ParentFolder, participant: null, machine.Time) is { } credentials
                ? [new SiteCheck(options.Parents, credentials.CreateHandler(), machine)]
                : [new EnrolmentCheck()];
        }
        catch (CertificateException exception)
        {
            return [new EnrolmentCheck(exception.Message)];
        }
    }
}

/// <summary>What there is to say of a site that has no certificate for its parent.</summary>
/// <param name="fault">What is wrong with the one that it has; null where it has none.</param>
internal sealed class EnrolmentCheck(string? fault = null) : IDoctorCheck
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Finding>>(
        [Finding.Problem("enrolment", fault is null
            ? "This site has not enrolled at its parent: have the parent's operator do 'sites invite NAME', and give the code to 'certs join' here."
            : Sentence.Of(fault))]);
}
