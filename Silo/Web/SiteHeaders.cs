namespace OrleansEdge.Silo.Web;

/// <summary>Headers of the site's own.</summary>
internal static class SiteHeaders
{
    /// <summary>The job file's name for messages, percent-encoded.</summary>
    public const string FileName = "X-File-Name";
}
