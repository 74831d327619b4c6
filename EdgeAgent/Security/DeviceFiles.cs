using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.EdgeAgent.Security;

/// <summary>
/// The folder <c>identity</c> in a device's own folder, which only its user can read: the key, which is made here and never leaves; the
/// certificate, with those of sites; and the federation's authorities.
/// </summary>
internal sealed class DeviceFiles
{
    private const string FolderName = "identity";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = ~(OwnerOnly | UnixFileMode.UserExecute);

    private readonly string _folder;

    /// <summary>The files of a device.</summary>
    /// <param name="folder">The device's own folder.</param>
    public DeviceFiles(string folder) => _folder = Path.Combine(folder, FolderName);

    /// <summary>Whether the device has a certificate.</summary>
    public bool HasCertificate => File.Exists(CertificateFile);

    private string KeyFile => Path.Combine(_folder, "device.key");

    private string CertificateFile => Path.Combine(_folder, "device.pem");

    private string AuthorityFile => Path.Combine(_folder, "authority.pem");

    /// <summary>The device's key; it is made if there is none.</summary>
    /// <exception cref="DeviceIdentityException">It is damaged, or others can read it.</exception>
    public ECDsa OpenKey()
    {
        try
        {
            CreateFolder();
            if (!File.Exists(KeyFile))
            {
                using var fresh = CertificateIssuer.CreateKey();
                Write(KeyFile, fresh.ExportPkcs8PrivateKeyPem());
            }

            RequireSecret(KeyFile);
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(KeyFile));
            return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new DeviceIdentityException($"the device's key {KeyFile} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Keeps a certificate, and whom the device trusts.</summary>
    /// <exception cref="DeviceIdentityException">The folder cannot be written.</exception>
    public void Save(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection authorities)
    {
        try
        {
            CreateFolder();
            Write(AuthorityFile, Pem(authorities));
            Write(CertificateFile, Pem([certificate, .. intermediates]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DeviceIdentityException($"the folder {_folder} cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>What was kept.</summary>
    /// <exception cref="DeviceIdentityException">It is damaged.</exception>
    public (X509Certificate2 Certificate, X509Certificate2Collection Intermediates, X509Certificate2Collection Authorities) Load()
    {
        try
        {
            using var key = OpenKey();
            var own = new X509Certificate2Collection();
            own.ImportFromPemFile(CertificateFile);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(AuthorityFile);
            using var withKey = own[0].CopyWithPrivateKey(key);

            // Windows cannot use a key that is in memory only.
            var certificate = OperatingSystem.IsWindows()
                ? X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null)
                : new X509Certificate2(withKey);
            return (certificate, [.. own.Skip(1)], authorities);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new DeviceIdentityException($"the certificate in {_folder} cannot be used: {exception.Message} Delete that folder, and enrol with a new invitation.", exception);
        }
    }

    private static string Pem(IEnumerable<X509Certificate2> certificates) => string.Concat(certificates.Select(certificate => $"{certificate.ExportCertificatePem()}\n"));

    private static void RequireSecret(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new DeviceIdentityException($"the key {path} can be read by others than its owner: take their right away with 'chmod 600 {path}'.");
        }
    }

    private static void Write(string path, string text)
    {
        var temporary = $"{path}.new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}

/// <summary>A device's certificate cannot be used. The message is one sentence for a person.</summary>
internal sealed class DeviceIdentityException(string message, Exception? inner = null) : Exception(message, inner);
