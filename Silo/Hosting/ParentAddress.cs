namespace OrleansEdge.Silo.Hosting;

/// <summary>Where a site's parent is.</summary>
internal static class ParentAddress
{
    /// <summary>The environment variable that names the parent.</summary>
    public const string Variable = "ORLEANSEDGE_PARENT";

    /// <summary>The part of a site's certificate folder in which it keeps what its parent knows it by.</summary>
    public const string IdentityName = "parent";

    /// <summary>Reads the option.</summary>
    /// <param name="text">What is given; null for what the environment says.</param>
    /// <exception cref="FormatException">It is no address.</exception>
    public static IReadOnlyList<Uri> Read(string? text)
    {
        var given = text ?? Environment.GetEnvironmentVariable(Variable);
        Uri[] parents = [.. (given ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ReadOne)];
        return parents.Select(parent => parent.Scheme).Distinct().Count() <= 1
            ? parents
            : throw new FormatException("--parent has https:// and http:// addresses: all silos of a site are secured, or none.");
    }

    /// <summary>The folder with what a secured parent knows this site by.</summary>
    /// <exception cref="FormatException">The parent is secured and there is none.</exception>
    public static string? IdentityFolder(IReadOnlyList<Uri> parents, string? certificates)
    {
        if (parents.Count == 0 || parents[0].Scheme != Uri.UriSchemeHttps)
        {
            return null;
        }

        var folder = string.IsNullOrEmpty(certificates) ? null : Path.Combine(Path.GetFullPath(certificates), IdentityName);
        return folder is not null && Directory.Exists(folder)
            ? folder
            : throw new FormatException("the parent is secured and does not know this site yet: its operator makes an invitation with 'sites invite NAME', " +
                $"and 'certs join {parents[0].GetLeftPart(UriPartial.Authority)} --invite CODE --certificates FOLDER' enrols this site; then give --certificates FOLDER.");
    }

    private static Uri ReadOne(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var parent) && (parent.Scheme == Uri.UriSchemeHttp || parent.Scheme == Uri.UriSchemeHttps)
            ? parent
            : throw new FormatException($"--parent is '{text}': it is the address of a site, such as https://cloud.example:7400.");
}
