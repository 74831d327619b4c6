using OrleansEdge.Grains.Audit;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Identity;

/// <summary><c>/api/audit</c>: for admins.</summary>
internal static class AuditEndpoints
{
    private const int MaximumRecords = 10_000;

    public static void Map(RouteGroupBuilder audit)
    {
        audit.MapGet("", async (AuditStore store, CancellationToken cancellation, int last = 50) =>
            OperatorApi.Answer(await store.ReadLast(Math.Clamp(last, 1, MaximumRecords), cancellation)));
        audit.MapGet("/verify", Verify);
    }

    private static async Task<IResult> Verify(AuditStore store, IAuditAnchor anchor, CancellationToken cancellation, long sequence = 0, string? hash = null)
    {
        // Recalled before the chain is read: what is appended meanwhile is no fault.
        var remembered = new List<AuditHead>();
        if (anchor.Recall() is { } recalled)
        {
            remembered.Add(recalled);
        }

        if (hash is not null)
        {
            remembered.Add(new(sequence, hash));
        }

        return OperatorApi.Answer(await store.Examine(remembered, cancellation));
    }
}
