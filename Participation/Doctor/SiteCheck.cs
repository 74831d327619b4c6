using System.Globalization;
using System.Net.Sockets;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.Participation.Doctor;

/// <summary>What the site above this program says of itself: its contract, and gateways that can be reached from here.</summary>
/// <param name="addresses">Where it is.</param>
/// <param name="handler">Sends requests with this program's certificate; null for a site in clear.</param>
/// <param name="machine">This machine.</param>
internal sealed class SiteCheck(IReadOnlyList<Uri> addresses, HttpMessageHandler? handler, Machine machine) : IDoctorCheck
{
    private const string Contract = "contract";
    private const string Gateway = "gateway";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        try
        {
            using var directory = new SiteDirectory(addresses, machine.Time, handler: handler);
            var site = await directory.Ask(cancellation);
            return [Judge(site), .. await Task.WhenAll(site.Gateways.Select(gateway => Judge(gateway, cancellation)))];
        }
        catch (ParticipantRefusedException exception)
        {
            return [Finding.Problem(Contract, $"The site answers: {char.ToUpperInvariant(exception.Message[0])}{exception.Message[1..].TrimEnd('.')}.")];
        }
        catch (HttpRequestException exception) when (exception.InnerException is SocketException)
        {
            // Said already, by the check of the server.
            return [Finding.Warning(Contract, "The site cannot be asked for it: mend what is said above, and look again.")];
        }
        catch (HttpRequestException exception)
        {
            return [Finding.Problem(Contract, $"What answers is not the site that is meant ({exception.Message.TrimEnd('.')}): correct the site's address.")];
        }
    }

    private static Finding Judge(SiteDescription site) => site.ContractVersion == SiteDescription.CurrentContractVersion
        ? Finding.Ok(Contract, $"The site '{site.Name}' and this program speak version {site.ContractVersion}; its protection is '{site.Protection}'.")
        : Finding.Problem(Contract, string.Create(CultureInfo.InvariantCulture,
            $"The site '{site.Name}' speaks version {site.ContractVersion} and this program version {SiteDescription.CurrentContractVersion}: install the same release on both."));

    private async Task<Finding> Judge(string gateway, CancellationToken cancellation)
    {
        var end = System.Net.IPEndPoint.Parse(gateway);
        try
        {
            await machine.Connect(end.Address.ToString(), end.Port, cancellation);
            return Finding.Ok(Gateway, $"{gateway} takes connections.");
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            return Finding.Problem(Gateway,
                $"The site tells devices to connect to {gateway}, and that cannot be reached from here: open the port on the way, or start the silo with --advertise and an address that can be reached.");
        }
    }
}
