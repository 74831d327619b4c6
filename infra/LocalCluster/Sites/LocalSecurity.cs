using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>What secures the site of a run: an authority of its own, the site's certificate and an operator's, all in the run's folder.</summary>
internal sealed class LocalSecurity
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private readonly CertificateFolder folder;
    private readonly TimeProvider time;

    private LocalSecurity(CertificateFolder folder, TimeProvider time)
    {
        this.folder = folder;
        this.time = time;
    }

    /// <summary>What a silo is told of it.</summary>
    public IEnumerable<string> SiloArguments => ["--certificates", folder.Path];

    /// <summary>Makes the certificates, or finds those of the run before in the same folder.</summary>
    /// <exception cref="ClusterException">The folder cannot be used.</exception>
    public static LocalSecurity Create(WorkFolder work, SiteName site, TimeProvider time)
    {
        try
        {
            var folder = new CertificateFolder(work.Certificates);
            folder.Init(site, authority: null, time.GetUtcNow());
            return new(folder, time);
        }
        catch (CertificateException exception)
        {
            throw new ClusterException($"The certificates of the run cannot be made: {exception.Message}");
        }
    }

    /// <summary>What sends requests to the site as its operator.</summary>
    public HttpMessageHandler CreateHandler() =>
        OperatorCredentials.CreateHandler(OperatorCredentials.Open(folder, CertificateFolder.FirstOperator), ConnectLimit, time);
}
