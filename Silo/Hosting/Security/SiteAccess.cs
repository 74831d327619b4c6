namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Which addresses of a secured site need a certificate.</summary>
internal static class SiteAccess
{
    /// <summary>Where devices enrol.</summary>
    public const string Enrol = "/enrol";

    /// <summary>Where a device finds the authority's certificate, which it compares with its invitation.</summary>
    public const string Authority = "/authority";

    private const string Health = "/health";

    /// <summary>Whether everyone may ask, whatever certificate it shows.</summary>
    public static bool IsOpen(PathString path) =>
        path.StartsWithSegments(Enrol) || path.StartsWithSegments(Authority) || path.StartsWithSegments(Health);
}
