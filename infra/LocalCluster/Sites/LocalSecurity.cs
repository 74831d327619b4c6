using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.LocalCluster.Runs;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>
/// What secures a site of a run: certificates of its own and an operator's, all in the site's folder. The root has an authority of its own, and
/// the others enrol at the site above them, as sites on different machines do.
/// </summary>
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

    /// <summary>Makes an authority and the certificates of a site under it, or finds those of the run before in the same folder.</summary>
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

    /// <summary>Enrols a site at the one above it, or finds what it has got in the run before in the same folder.</summary>
    /// <param name="work">The site's folder.</param>
    /// <param name="site">The site.</param>
    /// <param name="parent">The site above.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusterException">The site above refuses, or the folder cannot be used.</exception>
    public static async Task<LocalSecurity> Enrol(WorkFolder work, SiteName site, LocalSite parent, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            var folder = new CertificateFolder(work.Certificates);
            var enrolled = new EnrolledSite(folder);
            if (!File.Exists(folder.SiteFile))
            {
                var invitation = InvitationCode.Parse(await parent.Client.InviteSite(site, cancellation));
                PrivateFiles.CreateFolder(folder.Path);
                await new SiteEnrolment(() => parent.Addresses, time, NullLogger.Instance).EnrolSite(invitation, enrolled, cancellation);
            }

            // The site above may listen elsewhere than in the run before.
            enrolled.WriteAddresses(parent.Addresses);
            return new(folder, time);
        }
        catch (Exception exception) when (exception is CertificateException or ParticipantRefusedException or FormatException)
        {
            throw new ClusterException($"The site {site} cannot enrol at {parent.Place.Name}: {exception.Message}");
        }
    }

    /// <summary>What sends requests to the site as its operator.</summary>
    public HttpMessageHandler CreateHandler() =>
        OperatorCredentials.CreateHandler(OperatorCredentials.Open(folder, CertificateFolder.FirstOperator), ConnectLimit, time);
}
