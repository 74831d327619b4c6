using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;

namespace OrleansEdge.Participation.Security;

/// <summary>
/// The folder <c>identity</c> in a device's own folder, which only its user can read: the key, which is made here and never leaves; the
/// certificate, with those of sites; and the federation's authorities.
/// </summary>
/// <param name="folder">The device's own folder.</param>
internal sealed class DeviceFiles(string folder)
{
    private const string FolderName = "identity";

    private readonly string _folder = Path.Combine(folder, FolderName);

    /// <summary>Whether the device has a certificate.</summary>
    public bool HasCertificate => File.Exists(CertificateFile);

    private string KeyFile => Path.Combine(_folder, "device.key");

    private string CertificateFile => Path.Combine(_folder, "device.pem");

    private string AuthorityFile => Path.Combine(_folder, "authority.pem");

    /// <summary>The device's key; it is made if there is none.</summary>
    /// <exception cref="CertificateException">It is damaged, or others can read it.</exception>
    public ECDsa OpenKey()
    {
        try
        {
            PrivateFiles.CreateFolder(_folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"the folder {_folder} cannot be made: {exception.Message}", exception);
        }

        return PrivateFiles.OpenOrMakeKey(KeyFile);
    }

    /// <summary>Keeps a certificate, and whom the device trusts.</summary>
    /// <exception cref="CertificateException">The folder cannot be written.</exception>
    public void Save(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection authorities)
    {
        try
        {
            PrivateFiles.CreateFolder(_folder);
            PrivateFiles.WriteSecret(AuthorityFile, PrivateFiles.ToPem(authorities));

            // Last: with it, the device has enrolled.
            PrivateFiles.WriteSecret(CertificateFile, PrivateFiles.ToPem([certificate, .. intermediates]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"the folder {_folder} cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>What was kept.</summary>
    /// <exception cref="CertificateException">It is damaged.</exception>
    public (X509Certificate2 Certificate, X509Certificate2Collection Intermediates, X509Certificate2Collection Authorities) Load()
    {
        var (certificate, intermediates) = PrivateFiles.ReadWithKey(CertificateFile, KeyFile);
        return (certificate, intermediates, PrivateFiles.ReadCertificates(AuthorityFile));
    }
}
