using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansEdge.Contracts.Security.Files;

/// <summary>Writes and reads files of certificates and keys, of which the keys are for their owner alone.</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = ~(OwnerOnly | UnixFileMode.UserExecute);

    /// <summary>Makes a folder that nobody else can look into.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Writes a file that only its owner can read; whole or not at all.</summary>
    public static void WriteSecret(string path, string text) => Write(path, text, OwnerOnly);

    /// <summary>Writes a file that everyone can read; whole or not at all.</summary>
    public static void WritePublic(string path, string text) => Write(path, text, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    /// <summary>Reads a certificate and the key that belongs to it, and the certificates after it in the same file.</summary>
    /// <exception cref="CertificateException">A file is missing, damaged, of somebody else, or readable by others.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Others) ReadWithKey(string certificates, string key)
    {
        try
        {
            RequireSecret(key);
            using var withKey = X509Certificate2.CreateFromPemFile(certificates, key);
            var all = ReadCertificates(certificates);

            // Windows cannot use a key that is in memory only.
            var certificate = OperatingSystem.IsWindows()
                ? X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null)
                : new X509Certificate2(withKey);
            return (certificate, [.. all.Skip(1)]);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CertificateException($"{certificates} and {key} cannot be read as a certificate and its key: {exception.Message}", exception);
        }
    }

    /// <summary>Opens a key that is in a file of its own; it is made if there is none.</summary>
    /// <exception cref="CertificateException">It is damaged, or others can read it.</exception>
    public static ECDsa OpenOrMakeKey(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                using var fresh = CertificateIssuer.CreateKey();
                WriteSecret(path, fresh.ExportPkcs8PrivateKeyPem());
            }

            RequireSecret(path);
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"the key {path} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the certificates of a file.</summary>
    /// <exception cref="CertificateException">It is missing or damaged, or holds none.</exception>
    public static X509Certificate2Collection ReadCertificates(string path)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            return certificates.Count > 0 ? certificates : throw new CertificateException($"{path} holds no certificate.");
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{path} cannot be read as certificates: {exception.Message}", exception);
        }
    }

    /// <summary>Certificates as they are in a file.</summary>
    public static string ToPem(IEnumerable<X509Certificate2> certificates) =>
        string.Concat(certificates.Select(certificate => $"{certificate.ExportCertificatePem()}\n"));

    /// <summary>Makes sure that a key is its owner's alone.</summary>
    /// <exception cref="CertificateException">Others can read it.</exception>
    public static void RequireSecret(string path)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new CertificateException($"the key in {path} can be read by others than its owner: take their right away with 'chmod 600 {path}'.");
        }
    }

    private static void Write(string path, string text, UnixFileMode mode)
    {
        var temporary = $"{path}.new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
